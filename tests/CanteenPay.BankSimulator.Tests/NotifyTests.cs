using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.BankSimulator.Tests;

public sealed class NotifyTests
{
    [Fact]
    public async Task A_merchant_is_told_once_when_it_answers_success()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url), ("attach", "a&b]]>"));
        await bank.PayAsync("A1", "wechat");
        await Wait.Until(() => !merchant.Received.IsEmpty);

        var told = bank.Merchant.Verified(merchant.Received.Single());
        told["status"].ShouldBe("0");
        told["result_code"].ShouldBe("0");
        told["pay_result"].ShouldBe("0");
        told["out_trade_no"].ShouldBe("A1");
        told["total_fee"].ShouldBe("1250");
        told["trade_type"].ShouldBe("pay.weixin.jspay");
        told["time_end"].ShouldBe("20261122120000");
        told["attach"].ShouldBe("a&b]]>");
        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["success"]);
        bank.Time.Advance(TimeSpan.FromHours(10));
        merchant.Received.Count.ShouldBe(1);
        bank.Time.Waiting.ShouldBe(0, "no further try is planned");
    }

    [Fact]
    public async Task Anything_but_success_is_told_again_by_the_schedule_until_it_ends()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.StartAsync();
        merchant.Answer = (200, "SUCCESS!");
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.PayAsync("A1");

        var told = 1;
        foreach (var seconds in new[] { 15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600 })
        {
            await Wait.Until(() => bank.Time.Waiting == 1);
            merchant.Received.Count.ShouldBe(told);
            bank.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
            bank.Time.Waiting.ShouldBe(1, $"{seconds} s are not over");
            merchant.Answer = told == 2 ? (500, "success") : (200, "fail");
            bank.Time.Advance(TimeSpan.FromSeconds(1));
            told++;
            await Wait.Until(() => merchant.Received.Count == told);
        }

        var attempts = await bank.AttemptsAsync("A1", 10);
        attempts[0].ShouldBe("answered SUCCESS!");
        attempts[2].ShouldBe("http 500");
        attempts[9].ShouldBe("answered fail");
        bank.Time.Waiting.ShouldBe(0, "the tenth try was the last");
    }

    [Fact]
    public async Task A_merchant_that_comes_back_is_told_at_the_next_try()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.StartAsync("--TimeScale", "0.1");
        merchant.Answer = (503, "");
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.PayAsync("A1");
        await Wait.Until(() => bank.Time.Waiting == 1);

        merchant.Answer = (200, "success");
        bank.Time.Advance(TimeSpan.FromSeconds(1.5));

        (await bank.AttemptsAsync("A1", 2)).ShouldBe(["http 503", "success"]);
    }

    [Fact]
    public async Task A_redirect_is_no_success_and_is_not_followed()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.StartAsync();
        merchant.Answer = (302, "success");
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.PayAsync("A1");

        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["http 302"]);
    }

    [Fact]
    public async Task A_merchant_that_is_not_there_is_told_again()
    {
        string url;
        await using (var merchant = await MerchantListener.StartAsync())
            url = merchant.Url;
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1", ("notify_url", url));
        await bank.PayAsync("A1");

        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["unreachable: ConnectionError"]);
        await Wait.Until(() => bank.Time.Waiting == 1);
    }

    [Fact]
    public async Task While_notifications_are_off_nothing_arrives_and_one_can_be_sent_by_hand_later()
    {
        await using var merchant = await MerchantListener.StartAsync();
        await using var bank = await TestBank.StartAsync();
        using (var off = await bank.Http.PutAsync("/control/notifications", JsonContent.Create(new { enabled = false })))
            off.EnsureSuccessStatusCode();
        await bank.CreateAsync("A1", ("notify_url", merchant.Url));
        await bank.PayAsync("A1");
        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["off"]);
        merchant.Received.ShouldBeEmpty();

        using (var on = await bank.Http.PutAsync("/control/notifications", JsonContent.Create(new { enabled = true })))
            on.EnsureSuccessStatusCode();
        using var sent = await bank.Http.PostAsync("/control/orders/A1/notify", content: null);
        (await sent.Content.ReadFromJsonAsync<JsonNode>())!["result"]!.GetValue<string>().ShouldBe("success");
        merchant.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Notifications_can_be_off_from_the_start()
    {
        await using var bank = await TestBank.StartAsync("--NotificationsEnabled", "false");
        await bank.CreateAsync("A1");
        await bank.PayAsync("A1");

        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["off"]);
    }

    [Fact]
    public async Task An_unpaid_order_is_not_notified()
    {
        await using var bank = await TestBank.StartAsync();
        await bank.CreateAsync("A1");

        using var sent = await bank.Http.PostAsync("/control/orders/A1/notify", content: null);

        sent.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
