using CanteenPay.BankSimulator.Bill;

namespace CanteenPay.BankSimulator.Tests;

public sealed class BillTests
{
    [Fact]
    public async Task A_bill_has_a_mark_38_columns_backticks_and_a_summary_in_yuan()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1", ("body", "米饭, 青菜"), ("attach", "x,y"), ("device_info", "M1"));
        await bank.CreateAsync("A2");
        await bank.CreateAsync("NEVERPAID");
        await bank.PayAsync("A1");
        await bank.PayAsync("A2", "wechat");
        await RefundAsync(bank, "A1", "R1", 250);
        bank.Time.Advance(TimeSpan.FromSeconds(3));

        var text = await BillAsync(bank, "20261122");

        text[0].ShouldBe('\uFEFF');
        var lines = text[1..].Split("\r\n");
        lines.Length.ShouldBe(7, "header, 3 rows, summary header, summary, end");
        lines[0].Split(',').Length.ShouldBe(38);
        lines[0].ShouldStartWith("交易时间,公众账号ID,第三方商户号,商户号");
        var rows = lines[1..4].Select(l => l[1..].Split(",`")).ToArray();
        rows.ShouldAllBe(r => r.Length == 38);
        rows[0][8].ShouldBe("A1");
        rows[0][5].ShouldBe("M1");
        rows[0][0].ShouldBe("2026-11-22 12:00:00");
        rows[0][10].ShouldBe("pay.alipay.jspay");
        rows[0][14].ShouldBe("12.50");
        rows[0][22].ShouldBe("米饭, 青菜");
        rows[0][23].ShouldBe("x,y");
        rows[0][24].ShouldBe("0.08", "0.6 % of 12.50 is 0.075");
        rows[0][25].ShouldBe("0.600%");
        rows[0][33].ShouldBe("12.50");
        rows[0][34].ShouldBe("12.42");
        rows[1][8].ShouldBe("A2");
        rows[2][17].ShouldBe("R1");
        rows[2][18].ShouldBe("2.50");
        rows[2][21].ShouldBe("SUCCESS");
        rows[2][24].ShouldBe("-0.02");
        rows[2][34].ShouldBe("-2.48");
        lines[4].ShouldBe("总交易单数,总交易额,总退款金额,总企业红包退款金额,总手续费金额,总实收金额");
        lines[5].ShouldBe("`3,`25.00,`2.50,`0,`0.14,`22.50");
    }

    [Fact]
    public async Task A_day_without_business_has_a_summary_of_zeros_and_a_payment_is_on_its_own_day_only()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        bank.Time.Advance(new TimeSpan(11, 59, 59));
        await bank.PayAsync("A1");
        await RefundAsync(bank, "A1", "R1", 1);
        bank.Time.Advance(TimeSpan.FromMinutes(1));

        (await BillAsync(bank, "20261121")).ShouldEndWith("`0,`0.00,`0.00,`0,`0.00,`0.00\r\n");
        (await BillAsync(bank, "20261122")).ShouldContain("`1,`12.50,`0.00,");
        (await BillAsync(bank, "20261123")).ShouldContain("`1,`0.00,`0.01,", customMessage: "the refund was done after midnight in Beijing");
    }

    [Theory]
    [InlineData("SUCCESS", 1)]
    [InlineData("REFUND", 1)]
    [InlineData("ALL", 2)]
    public async Task The_kind_of_bill_chooses_its_rows(string type, int rows)
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        await RefundAsync(bank, "A1", "R1", 1);
        bank.Time.Advance(TimeSpan.FromSeconds(3));

        (await BillAsync(bank, "20261122", type)).Split("\r\n").Length.ShouldBe(rows + 4);
    }

    [Fact]
    public async Task A_bad_day_and_a_bad_signature_are_answered_in_XML()
    {
        await using var bank = await TestBank.StartAsync();

        bank.Merchant.Verified(await BillAsync(bank, "20261332"))["err_code"].ShouldBe("PARAM_ERROR");
        MerchantSystem.Parse(await bank.PostAsync("/gateway", new MerchantSystem(key: "x").Request("pay.bill.merchant", ("bill_date", "20261122"))))["status"].ShouldBe("400");
    }

    [Theory]
    [InlineData(83, 0)]
    [InlineData(84, 1)]
    [InlineData(249, 1)]
    [InlineData(250, 2)]
    [InlineData(416, 2)]
    [InlineData(417, 3)]
    [InlineData(1000, 6)]
    [InlineData(121400, 728)]
    public void The_fee_is_rounded_half_up(long fen, long fee) => BankFee.OfPayment(fen, 60).ShouldBe(fee);

    [Fact]
    public void Refunds_return_the_fee_as_published_and_all_of_it_in_the_end()
    {
        var (left, feeLeft) = (121400L, 728L);
        foreach (var (refund, returned) in new (long, long)[] { (79800, 479), (21800, 130), (19800, 119) })
        {
            BankFee.OfRefund(refund, left, feeLeft).ShouldBe(returned);
            (left, feeLeft) = (left - refund, feeLeft - returned);
        }

        (left, feeLeft).ShouldBe((0, 0));
    }

    private static Task<string> BillAsync(TestBank bank, string day, string type = "ALL") =>
        bank.PostAsync("/gateway", bank.Merchant.Request("pay.bill.merchant", ("bill_date", day), ("bill_type", type)));

    private static async Task RefundAsync(TestBank bank, string order, string number, long fen) => (await bank.AskAsync(
        "unified.trade.refund", ("out_trade_no", order), ("out_refund_no", number), ("total_fee", "1250"), ("refund_fee", $"{fen}"), ("op_user_id", "1")))["result_code"].ShouldBe("0");
}
