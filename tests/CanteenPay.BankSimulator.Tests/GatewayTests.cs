using System.Text;

namespace CanteenPay.BankSimulator.Tests;

public sealed class GatewayTests
{
    [Fact]
    public async Task A_second_order_of_one_number_is_refused_without_a_QR()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");

        var answer = await bank.AskAsync(
            "unified.trade.native", ("out_trade_no", "A1"), ("body", "b"), ("total_fee", "1"), ("mch_create_ip", "10.0.0.7"), ("notify_url", "http://127.0.0.1"));

        answer["result_code"].ShouldBe("1");
        answer["err_code"].ShouldBe("INVALID_REQUEST");
        answer["err_msg"].ShouldBe("201 商户订单号重复");
        answer["need_query"].ShouldBe("Y");
        answer.ShouldNotContainKey("code_url");
    }

    [Fact]
    public async Task An_unknown_merchant_a_bad_signature_and_no_XML_at_all_are_unsigned_errors()
    {
        await using var bank = await TestBank.StartAsync();
        byte[][] requests =
        [
            new MerchantSystem("999").Request("unified.trade.query", ("out_trade_no", "A1")),
            new MerchantSystem(key: "wrong").Request("unified.trade.query", ("out_trade_no", "A1")),
            Encoding.UTF8.GetBytes("<xml><mch_id>7551000001</mch_id></xml>"),
            Encoding.UTF8.GetBytes("hello"),
            Encoding.UTF8.GetBytes("<!DOCTYPE x [<!ENTITY a 'b'>]><xml><mch_id>&a;</mch_id></xml>"),
            new byte[70_000],
        ];

        foreach (var request in requests)
        {
            var answer = MerchantSystem.Parse(await bank.PostAsync("/pay/gateway", request));
            answer["status"].ShouldBe("400");
            answer.ShouldNotContainKey("sign");
        }
    }

    [Theory]
    [InlineData("total_fee", "0")]
    [InlineData("total_fee", "12.50")]
    [InlineData("out_trade_no", "")]
    [InlineData("out_trade_no", "123456789012345678901234567890123")]
    [InlineData("body", "")]
    [InlineData("notify_url", "nowhere")]
    [InlineData("time_expire", "soon")]
    public async Task A_create_with_a_bad_field_is_refused_and_leaves_no_order(string field, string value)
    {
        await using var bank = await TestBank.StartAsync();

        var answer = await bank.AskAsync(
            "unified.trade.native", ("out_trade_no", "A1"), ("body", "b"), ("total_fee", "1"), ("mch_create_ip", "10.0.0.7"), ("notify_url", "http://127.0.0.1"),
            ("time_start", "20261122120000"), ("time_expire", "20261122120500"), (field, value));

        answer["err_code"].ShouldBe("PARAM_ERROR");
        (await bank.AskAsync("unified.trade.query", ("out_trade_no", "A1")))["err_code"].ShouldBe("ORDERNOTEXIST");
    }

    [Fact]
    public async Task An_order_closes_after_five_minutes_and_not_before()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");

        bank.Time.Advance(TimeSpan.FromSeconds(299));
        (await bank.AskAsync("unified.trade.close", ("out_trade_no", "A1")))["err_code"].ShouldBe("INVALID_REQUEST");
        (await bank.StateAsync("A1")).ShouldBe("NOTPAY");
        bank.Time.Advance(TimeSpan.FromSeconds(1));
        (await bank.AskAsync("unified.trade.close", ("out_trade_no", "A1")))["result_code"].ShouldBe("0");
        (await bank.StateAsync("A1")).ShouldBe("CLOSED");
        (await bank.AskAsync("unified.trade.close", ("out_trade_no", "A1")))["err_code"].ShouldBe("ORDERCLOSED");
    }

    [Fact]
    public async Task The_five_minutes_are_scaled()
    {
        await using var bank = await TestBank.StartAsync("--TimeScale", "0.01");
        await bank.CreateAsync("A1");

        bank.Time.Advance(TimeSpan.FromSeconds(3));
        (await bank.AskAsync("unified.trade.close", ("out_trade_no", "A1")))["result_code"].ShouldBe("0");
    }

    [Fact]
    public async Task A_paid_order_cannot_be_closed()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        bank.Time.Advance(TimeSpan.FromMinutes(6));

        (await bank.AskAsync("unified.trade.close", ("out_trade_no", "A1")))["err_code"].ShouldBe("ORDERPAID");
        (await bank.StateAsync("A1")).ShouldBe("SUCCESS");
    }

    [Fact]
    public async Task A_paid_order_says_everything_about_its_payment()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1", ("attach", "a&b"), ("device_info", "M1"));
        await bank.PayAsync("A1", "wechat");

        var answer = await bank.AskAsync("unified.trade.query", ("out_trade_no", "A1"));

        answer["trade_state"].ShouldBe("SUCCESS");
        answer["total_fee"].ShouldBe("1250");
        answer["fee_type"].ShouldBe("CNY");
        answer["trade_type"].ShouldBe("pay.weixin.jspay");
        answer["time_end"].ShouldBe("20261122120000");
        answer["attach"].ShouldBe("a&b");
        answer["device_info"].ShouldBe("M1");
        answer["transaction_id"].ShouldStartWith(MerchantSystem.DemoId);
        answer["out_transaction_id"].ShouldStartWith("4200");
        (await bank.AskAsync("unified.trade.query", ("transaction_id", answer["transaction_id"])))["out_trade_no"].ShouldBe("A1");
    }

    [Fact]
    public async Task Nobody_sees_another_merchants_order()
    {
        await using var bank = await TestBank.StartAsync("--Merchants:2:Key=k2");
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        var transaction = (await bank.AskAsync("unified.trade.query", ("out_trade_no", "A1")))["transaction_id"];
        var other = new MerchantSystem("2", "k2");

        foreach (var field in new[] { ("out_trade_no", "A1"), ("transaction_id", transaction) })
            other.Verified(await bank.PostAsync("/pay/gateway", other.Request("unified.trade.query", field)))["err_code"].ShouldBe("ORDERNOTEXIST");
    }

    [Fact]
    public async Task Refunds_add_up_to_the_order_and_no_further_and_one_number_is_one_refund()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        (await RefundAsync(bank, "R0", 1))["err_code"].ShouldBe("TRADE_STATE_ERROR", "not paid yet");
        await bank.PayAsync("A1");

        var first = await RefundAsync(bank, "R1", 1000);
        first["result_code"].ShouldBe("0");
        (await RefundAsync(bank, "R1", 1000))["refund_id"].ShouldBe(first["refund_id"], "asked again");
        (await RefundAsync(bank, "R1", 999))["err_code"].ShouldBe("INVALID_REQUEST");
        (await RefundAsync(bank, "R2", 251))["err_code"].ShouldBe("REFUND_FEE_EXCEED");
        (await RefundAsync(bank, "R2", 250))["result_code"].ShouldBe("0");
        (await RefundAsync(bank, "R3", 1))["err_code"].ShouldBe("REFUND_FEE_EXCEED");
        (await bank.StateAsync("A1")).ShouldBe("REFUND");
    }

    [Fact]
    public async Task A_refund_is_processed_for_a_while()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        (await bank.AskAsync("unified.trade.refundquery", ("out_trade_no", "A1")))["err_code"].ShouldBe("REFUNDNOTEXIST");
        await RefundAsync(bank, "R1", 250);

        (await bank.AskAsync("unified.trade.refundquery", ("out_trade_no", "A1"), ("out_refund_no", "R1")))["refund_status_0"].ShouldBe("PROCESSING");
        bank.Time.Advance(TimeSpan.FromSeconds(3));
        var done = await bank.AskAsync("unified.trade.refundquery", ("out_trade_no", "A1"), ("out_refund_no", "R1"));
        done["refund_status_0"].ShouldBe("SUCCESS");
        done["refund_fee_0"].ShouldBe("250");
        done["refund_time_0"].ShouldBe("20261122120003");
    }

    [Fact]
    public async Task A_public_address_is_put_into_the_QR()
    {
        await using var bank = await TestBank.StartAsync("--PublicUrl", "https://bank.example/x/");

        var answer = await bank.AskAsync(
            "unified.trade.native", ("out_trade_no", "A1"), ("body", "b"), ("total_fee", "1"), ("mch_create_ip", "10.0.0.7"), ("notify_url", "http://127.0.0.1"));

        answer["code_url"].ShouldStartWith("https://bank.example/x/q/");
    }

    [Fact]
    public async Task Refunds_at_once_never_give_back_more_than_was_paid_and_one_number_is_one_refund_among_them()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");

        // Twenty numbers of ¥1.00 each, each of them asked for twice, all at the same time: ¥12.50 holds twelve.
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => RefundAsync(bank, $"R{n % 20}", 100)));

        answers.Count(a => a["result_code"] == "0").ShouldBe(24);
        answers.Where(a => a["result_code"] == "0").Select(a => a["refund_id"]).Distinct().Count().ShouldBe(12);
        answers.Where(a => a["result_code"] != "0").ShouldAllBe(a => a["err_code"] == "REFUND_FEE_EXCEED");
        (await bank.OrderAsync("A1"))["refundedFen"]!.GetValue<long>().ShouldBe(1200);
    }

    [Fact]
    public async Task An_order_is_refunded_in_at_most_50_parts()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        for (var n = 0; n < 50; n++)
            (await RefundAsync(bank, $"R{n}", 1))["result_code"].ShouldBe("0");

        (await RefundAsync(bank, "R50", 1))["err_code"].ShouldBe("INVALID_REQUEST");
        (await RefundAsync(bank, "R49", 1))["result_code"].ShouldBe("0", "asked again");
    }

    private static Task<Dictionary<string, string>> RefundAsync(TestBank bank, string number, long fen) => bank.RefundAsync("A1", number, fen);
}
