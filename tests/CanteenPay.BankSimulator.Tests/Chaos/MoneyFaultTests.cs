namespace CanteenPay.BankSimulator.Tests.Chaos;

/// <summary>Payments around the close, and refunds: whatever is answered, the book and the bill hold what happened.</summary>
public sealed class MoneyFaultTests
{
    [Fact]
    public async Task A_payment_in_the_last_second_of_closing_is_a_payment_and_the_close_says_so()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.ChaosAsync(new { payInLastSecondOfClosing = 1 }, "A1");
        (await bank.CloseAsync("A1"))["err_code"].ShouldBe("INVALID_REQUEST", "too early to close is too early for the fault");
        bank.Time.Advance(TimeSpan.FromMinutes(5));

        (await bank.CloseAsync("A1"))["err_code"].ShouldBe("ORDERPAID");

        (await bank.StateAsync("A1")).ShouldBe("SUCCESS");
        var order = await bank.OrderAsync("A1");
        order["closed"]!.GetValue<bool>().ShouldBeFalse();
        order["paidByFault"]!.GetValue<string>().ShouldBe("payInLastSecondOfClosing");
        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["success"]);
    }

    [Fact]
    public async Task A_wallet_may_confirm_a_payment_after_the_close_which_then_is_notified_billed_and_refundable()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.ChaosAsync(new { payAfterClose = 1, notificationAgainAfterClose = 1 }, "A1");
        bank.Time.Advance(TimeSpan.FromMinutes(5));

        (await bank.CloseAsync("A1"))["result_code"].ShouldBe("0");
        (await bank.StateAsync("A1")).ShouldBe("CLOSED");
        await Wait.Until(() => bank.Time.Waiting == 1);
        bank.Time.Advance(TimeSpan.FromSeconds(2));
        await bank.AttemptsAsync("A1", 1);
        await Wait.Until(() => bank.Time.Waiting == 1);
        bank.Time.Advance(TimeSpan.FromSeconds(2));

        (await bank.AttemptsAsync("A1", 2)).ShouldBe(["success", "success"]);
        bank.Merchant.Verified(merchant.Received.First())["total_fee"].ShouldBe("1250");
        (await bank.StateAsync("A1")).ShouldBe("SUCCESS");
        (await bank.CloseAsync("A1"))["err_code"].ShouldBe("ORDERPAID");
        (await bank.RefundAsync("A1", "R1", 1250))["result_code"].ShouldBe("0");
        (await bank.PostAsync("/gateway", bank.Merchant.Request("pay.bill.merchant", ("bill_date", "20261122"), ("bill_type", "ALL")))).ShouldContain("`A1,");
    }

    [Fact]
    public async Task An_order_that_was_not_closed_is_not_paid_late()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.ChaosAsync(new { payAfterClose = 1 });

        await bank.CloseAsync("A1");

        bank.Time.Waiting.ShouldBe(0);
        (await bank.DoneAsync("payAfterClose")).ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_refund_gives_nothing_back_and_may_be_asked_again()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        await bank.ChaosAsync(new { refundRefused = 1 }, "A1");

        var refused = await bank.RefundAsync("A1", "R1", 250);

        refused["err_code"].ShouldBe("NOTENOUGH");
        refused["need_query"].ShouldBe("N");
        (await bank.AskAsync("unified.trade.refundquery", ("out_trade_no", "A1")))["err_code"].ShouldBe("REFUNDNOTEXIST");
        (await bank.StateAsync("A1")).ShouldBe("SUCCESS");
        (await bank.RefundAsync("A1", "R1", 250))["result_code"].ShouldBe("0");
    }

    [Fact]
    public async Task A_refund_that_was_taken_is_never_refused_afterwards()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        await bank.RefundAsync("A1", "R1", 250);
        await bank.ChaosAsync(new { refundRefused = 1 });

        (await bank.RefundAsync("A1", "R1", 250))["result_code"].ShouldBe("0");
        (await bank.RefundAsync("A1", "R2", 250))["err_code"].ShouldBe("NOTENOUGH");
    }

    [Fact]
    public async Task A_slow_refund_is_processed_for_longer()
    {
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");
        await bank.ChaosAsync(new { refundSlow = new { share = 1, ms = 5000 } }, "A1");
        await bank.RefundAsync("A1", "R1", 250);

        bank.Time.Advance(TimeSpan.FromMilliseconds(7_999));
        (await StatusAsync(bank)).ShouldBe("PROCESSING");
        (await bank.OrderAsync("A1"))["refunds"]![0]!["done"]!.GetValue<bool>().ShouldBeFalse();
        bank.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await StatusAsync(bank)).ShouldBe("SUCCESS");
        (await bank.OrderAsync("A1"))["refunds"]![0]!["done"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static async Task<string> StatusAsync(TestBank bank) => (await bank.AskAsync("unified.trade.refundquery", ("out_trade_no", "A1")))["refund_status_0"];
}
