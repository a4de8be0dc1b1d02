using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.BankSimulator.Tests.Chaos;

public sealed class NotificationFaultTests
{
    [Fact]
    public async Task A_doubled_notification_arrives_twice()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.ChaosAsync(new { notificationTwice = 1 }, "A1");
        await bank.PayAsync("A1");

        (await bank.AttemptsAsync("A1", 2)).ShouldBe(["success", "success"]);
        merchant.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_lost_notification_comes_with_the_next_try()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.ChaosAsync(new { notificationLost = 1, times = 2 }, "A1");
        await bank.PayAsync("A1");

        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["lost"]);
        await Wait.Until(() => bank.Time.Waiting == 1);
        bank.Time.Advance(TimeSpan.FromSeconds(15));
        (await bank.AttemptsAsync("A1", 2)).ShouldBe(["lost", "lost"]);
        merchant.Received.ShouldBeEmpty();
        await Wait.Until(() => bank.Time.Waiting == 1);
        bank.Time.Advance(TimeSpan.FromSeconds(15));
        (await bank.AttemptsAsync("A1", 3)).ShouldBe(["lost", "lost", "success"]);
    }

    [Fact]
    public async Task A_delayed_notification_comes_late()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.ChaosAsync(new { notificationDelayed = new { share = 1, ms = 10_000 } }, "A1");
        await bank.PayAsync("A1");
        await Wait.Until(() => bank.Time.Waiting == 1);

        bank.Time.Advance(TimeSpan.FromMilliseconds(9_999));
        bank.Time.Waiting.ShouldBe(1, "10 s are not over");
        bank.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["success"]);
    }

    [Fact]
    public async Task A_lie_in_a_notification_verifies_and_a_merchant_that_refuses_it_is_told_the_truth_next()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        merchant.Answer = (200, "fail");
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.ChaosAsync(new { wrongAmount = 1, wrongMerchant = 1 }, "A1");
        await bank.PayAsync("A1");
        await bank.AttemptsAsync("A1", 1);

        var lie = bank.Merchant.Verified(merchant.Received.Single());
        lie["total_fee"].ShouldNotBe("1250");
        lie["mch_id"].ShouldNotBe(MerchantSystem.DemoId);
        merchant.Answer = (200, "success");
        await Wait.Until(() => bank.Time.Waiting == 1);
        bank.Time.Advance(TimeSpan.FromSeconds(15));
        await bank.AttemptsAsync("A1", 2);

        var truth = bank.Merchant.Verified(merchant.Received.Last());
        truth["total_fee"].ShouldBe("1250");
        truth["mch_id"].ShouldBe(MerchantSystem.DemoId);
        (await bank.OrderAsync("A1"))["notifications"]![0]!["fault"]!.GetValue<string>().ShouldBe("wrongMerchant");
    }

    [Fact]
    public async Task The_notification_may_come_before_the_create_is_answered()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        merchant.Hold = new TaskCompletionSource();
        await bank.ChaosAsync(new { notificationBeforeCreateAnswer = 1 }, "next");

        var create = bank.AskAsync("unified.trade.native", TestBank.Order("A1", ("notify_url", merchant.Url)));
        await Wait.Until(() => !merchant.Received.IsEmpty);

        create.IsCompleted.ShouldBeFalse("the bank waits for the merchant's answer");
        bank.Merchant.Verified(merchant.Received.Single())["out_trade_no"].ShouldBe("A1");
        merchant.Hold.SetResult();
        (await create)["code_url"].ShouldContain("/q/");
        var order = await bank.OrderAsync("A1");
        order["state"]!.GetValue<string>().ShouldBe("SUCCESS");
        order["paidByFault"]!.GetValue<string>().ShouldBe("notificationBeforeCreateAnswer");
        order["wallet"]!.GetValue<string>().ShouldBeOneOf("wechat", "alipay");
    }

    [Fact]
    public async Task The_create_waits_for_the_merchant_no_longer_than_6_s()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        merchant.Hold = new TaskCompletionSource();
        await bank.ChaosAsync(new { notificationBeforeCreateAnswer = 1 }, "A1");

        var create = bank.AskAsync("unified.trade.native", TestBank.Order("A1", ("notify_url", merchant.Url)));
        await Wait.Until(() => !merchant.Received.IsEmpty && bank.Time.Waiting == 1);
        bank.Time.Advance(TimeSpan.FromSeconds(6));

        (await create)["result_code"].ShouldBe("0");
        merchant.Hold.SetResult();
    }

    [Fact]
    public async Task A_notification_may_come_again_after_a_close_was_asked()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.PayAsync("A1");
        await bank.AttemptsAsync("A1", 1);
        await bank.ChaosAsync(new { notificationAgainAfterClose = 1 }, "A1");

        (await bank.CloseAsync("A1"))["err_code"].ShouldBe("ORDERPAID");
        await Wait.Until(() => bank.Time.Waiting == 1);
        bank.Time.Advance(TimeSpan.FromSeconds(2));

        (await bank.AttemptsAsync("A1", 2)).ShouldBe(["success", "success"]);
        merchant.Received.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_notification_by_hand_is_out_of_reach_of_chaos()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.ListenAsync();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.ChaosAsync(new { notificationLost = 1, wrongAmount = 1 });
        await bank.PayAsync("A1");
        await bank.AttemptsAsync("A1", 1);

        using var sent = await bank.Http.PostAsync("/control/orders/A1/notify", content: null);

        (await sent.Content.ReadFromJsonAsync<JsonNode>())!["result"]!.GetValue<string>().ShouldBe("success");
        bank.Merchant.Verified(merchant.Received.Single())["total_fee"].ShouldBe("1250");
    }
}
