using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.BankSimulator.Tests.Chaos;

/// <summary>What a merchant's system sees of each fault over a real connection, and what is true meanwhile.</summary>
public sealed class GatewayFaultTests
{
    [Fact]
    public async Task A_calm_bank_does_nothing_wrong()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        await bank.RefundAsync("A1", "R1", 250);

        var state = (await bank.Http.GetFromJsonAsync<JsonNode>("/control/chaos"))!;

        state["done"]!.AsObject().ShouldAllBe(f => f.Value!.GetValue<long>() == 0);
        state["lostAnswer"]!.GetValue<double>().ShouldBe(0);
        state["slow"]!["share"]!.GetValue<double>().ShouldBe(0);
        state["downUntil"].ShouldBeNull();
    }

    [Fact]
    public async Task A_refused_connection_is_cut_and_nothing_happened()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.ChaosAsync(new { refuseToConnect = 1 }, "A1");

        (await bank.TryAskAsync("unified.trade.native", TestBank.Order("A1"))).ShouldBeNull();

        (await bank.AskAsync("unified.trade.query", ("out_trade_no", "A1")))["err_code"].ShouldBe("ORDERNOTEXIST");
        (await bank.DoneAsync("refuseToConnect")).ShouldBe(1);
    }

    [Fact]
    public async Task A_server_error_comes_before_anything_happened()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.ChaosAsync(new { serverError = 1 }, "A1");

        (await bank.TryAskAsync("unified.trade.native", TestBank.Order("A1")))!.Value.Status.ShouldBe(500);

        (await bank.AskAsync("unified.trade.query", ("out_trade_no", "A1")))["err_code"].ShouldBe("ORDERNOTEXIST");
    }

    [Fact]
    public async Task A_lost_answer_is_a_500_or_a_cut_connection_and_the_effect_stands()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.ChaosAsync(new { seed = 3, lostAnswer = 1, calls = new[] { "create" } });

        var seen = new HashSet<int?>();
        for (var n = 0; n < 12; n++)
        {
            seen.Add((await bank.TryAskAsync("unified.trade.native", TestBank.Order($"A{n}")))?.Status);
            (await bank.StateAsync($"A{n}")).ShouldBe("NOTPAY", "the order is there");
        }

        seen.ShouldBe([500, null], ignoreOrder: true);
        (await bank.DoneAsync("lostAnswer")).ShouldBe(12);
    }

    [Fact]
    public async Task A_slow_answer_comes_late_and_the_effect_at_once()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.ChaosAsync(new { slow = new { share = 1, ms = 3000 } }, "A1");

        var answer = bank.AskAsync("unified.trade.native", TestBank.Order("A1"));
        await Wait.Until(() => bank.Time.Waiting == 1);

        (await bank.OrderAsync("A1"))["state"]!.GetValue<string>().ShouldBe("NOTPAY");
        bank.Time.Advance(TimeSpan.FromMilliseconds(2999));
        answer.IsCompleted.ShouldBeFalse();
        bank.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await answer)["result_code"].ShouldBe("0");
    }

    [Fact]
    public async Task An_unknown_answer_is_signed_asks_for_a_query_and_the_effect_is_there_or_not()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.ChaosAsync(new { seed = 1, unknown = 1, calls = new[] { "create" } });

        var happened = new HashSet<bool>();
        for (var n = 0; n < 12; n++)
        {
            var answer = await bank.AskAsync("unified.trade.native", TestBank.Order($"A{n}"));
            answer["err_code"].ShouldBe("SYSTEMERROR");
            answer["need_query"].ShouldBe("Y");
            happened.Add((await bank.AskAsync("unified.trade.query", ("out_trade_no", $"A{n}")))["result_code"] == "0");
        }

        happened.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("MD5")]
    [InlineData("RSA")]
    public async Task A_bad_signature_is_wrong_whatever_the_merchant_signs_by(string signType)
    {
        using var pair = System.Security.Cryptography.RSA.Create(2048);
        var rsa = signType == "RSA";
        await using var bank = await TestBank.ListenAsync(rsa
            ? [$"--Merchants:2:MerchantPublicKeyPem={pair.ExportSubjectPublicKeyInfoPem()}", $"--Merchants:2:PlatformPrivateKeyPem={pair.ExportPkcs8PrivateKeyPem()}"]
            : []);
        bank.Merchant = rsa ? new MerchantSystem("2") { Rsa = (pair, pair) } : new MerchantSystem();
        await bank.ChaosAsync(new { badSignature = 1 }, "A1");

        var (status, text) = (await bank.TryAskAsync("unified.trade.native", TestBank.Order("A1")))!.Value;

        status.ShouldBe(200);
        MerchantSystem.Parse(text).ShouldContainKey("sign");
        Should.Throw<ShouldAssertException>(() => bank.Merchant.Verified(text));
        (await bank.StateAsync("A1")).ShouldBe("NOTPAY", "the order is there, and this answer verifies");
    }

    [Fact]
    public async Task Signed_lies_verify_and_the_book_never_hears_of_them()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.ChaosAsync(new { wrongAmount = 1, wrongMerchant = 1 });
        (await bank.StateAsync("A1")).ShouldBe("NOTPAY");
        (await bank.DoneAsync("wrongAmount")).ShouldBe(0, "lies are about money: nobody paid yet");
        await bank.PayAsync("A1");
        await bank.RefundAsync("A1", "R1", 250);

        var query = await bank.AskAsync("unified.trade.query", ("out_trade_no", "A1"));
        var refund = await bank.AskAsync("unified.trade.refundquery", ("out_trade_no", "A1"));

        query["total_fee"].ShouldNotBe("1250");
        query["mch_id"].ShouldNotBe(MerchantSystem.DemoId);
        refund["refund_fee_0"].ShouldNotBe("250");
        refund["mch_id"].ShouldNotBe(MerchantSystem.DemoId);
        var truth = await bank.OrderAsync("A1");
        truth["paidFen"]!.GetValue<long>().ShouldBe(1250);
        truth["refundedFen"]!.GetValue<long>().ShouldBe(250);
        await bank.ChaosAsync(new { });
        (await bank.AskAsync("unified.trade.query", ("out_trade_no", "A1")))["total_fee"].ShouldBe("1250");
    }

    [Fact]
    public async Task A_gateway_that_is_down_cuts_every_request_and_is_up_again_by_itself()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1", ("notify_url", "http://127.0.0.1:9"));
        using (var down = await bank.Http.PostAsync("/control/down", JsonContent.Create(new { ms = 20_000 })))
            down.EnsureSuccessStatusCode();
        await bank.PayAsync("A1");

        (await bank.TryAskAsync("unified.trade.query", ("out_trade_no", "A1"))).ShouldBeNull();
        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["down"]);
        bank.Time.Advance(TimeSpan.FromSeconds(19));
        (await bank.TryAskAsync("unified.trade.query", ("out_trade_no", "A1"))).ShouldBeNull();
        bank.Time.Advance(TimeSpan.FromSeconds(1));

        (await bank.StateAsync("A1")).ShouldBe("SUCCESS");
        (await bank.DoneAsync("down")).ShouldBe(2);
    }

    [Fact]
    public async Task Faults_may_keep_to_some_calls()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        await bank.ChaosAsync(new { serverError = 1, calls = new[] { "refund" } }, "A1");

        (await bank.StateAsync("A1")).ShouldBe("SUCCESS");
        (await bank.TryAskAsync("unified.trade.refund", ("out_trade_no", "A1")))!.Value.Status.ShouldBe(500);
    }
}
