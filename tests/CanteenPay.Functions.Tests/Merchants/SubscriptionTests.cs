using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Subscriptions;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>The years that are paid, the reminders of their end, and what happens after it.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private readonly World _world = new();
    private MerchantCalls _http = null!;
    private MerchantId _merchant;

    public async Task InitializeAsync()
    {
        _http = await MerchantCalls.StartAsync(_world);
        _merchant = await _world.ActiveMerchantAsync(await _world.DistributorAsync());
    }

    public async Task DisposeAsync()
    {
        await _http.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_year_begins_with_the_activation_and_costs_the_first_years_fee()
    {
        var subscription = await SubscriptionAsync();

        Day(subscription, "paidUntil").ShouldBe("2027-11-22");
        Day(subscription, "collectUntil").ShouldBe("2027-12-07");
        subscription["suggestedRetail"]!.GetValue<long>().ShouldBe(480_000);
        subscription["fees"]!.AsArray().ShouldHaveSingleItem()!["amount"]!.GetValue<long>().ShouldBe(250_000);
    }

    [Fact]
    public async Task A_renewal_is_made_once_for_a_key_and_goes_on_where_the_paid_time_ends()
    {
        (await RenewAsync("renewal-1")).Status.ShouldBe(HttpStatusCode.Created);
        (await RenewAsync("renewal-1")).Status.ShouldBe(HttpStatusCode.OK);

        var subscription = await SubscriptionAsync();
        Day(subscription, "paidUntil").ShouldBe("2028-11-22");
        subscription["fees"]!.AsArray().Select(fee => fee!["amount"]!.GetValue<long>()).ShouldBe([250_000, 200_000]);
        (await ProfileAsync()).CollectUntil.ShouldBe(new(2028, 12, 7));
    }

    [Theory]
    [InlineData("2027-11-30", "2028-11-22")]
    [InlineData("2027-12-07", "2028-11-22")]
    [InlineData("2027-12-08", "2028-12-08")]
    public async Task Paying_late_gains_nothing_while_the_service_went_on(string paidOn, string paidUntil)
    {
        await UntilAsync(paidOn);

        await RenewAsync("renewal-1");

        Day(await SubscriptionAsync(), "paidUntil").ShouldBe(paidUntil);
        (await ProfileAsync()).MayCollect(DateOnly.Parse(paidOn, System.Globalization.CultureInfo.InvariantCulture)).ShouldBeTrue();
    }

    [Fact]
    public async Task Each_reminder_comes_once_also_when_nights_are_left_out_or_doubled()
    {
        foreach (var (day, reminders) in new[]
        {
            ("2027-10-22", ""), ("2027-10-23", "30"), ("2027-10-24", "30"), ("2027-11-17", "7 30"), ("2027-11-21", "1 7 30"), ("2027-11-23", "1 7 30"),
        })
        {
            await UntilAsync(day);
            await _world.NightAsync();
            await _world.NightAsync();
            string.Join(' ', (await SubscriptionAsync())["reminders"]!.AsArray().Select(reminder => reminder!["days"]!.GetValue<int>()).Order()).ShouldBe(reminders, day);
        }

        _world.Log.Count(line => line.StartsWith("1521", StringComparison.Ordinal)).ShouldBe(3);
        await RenewAsync("renewal-1");
        await UntilAsync("2028-10-23");
        await _world.NightAsync();
        (await SubscriptionAsync())["reminders"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public async Task After_the_grace_new_payments_are_refused_in_words_and_money_in_flight_goes_on()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        await UntilAsync("2027-12-07");
        var lastMinute = new DateTimeOffset(2027, 12, 7, 23, 59, 30, TimeSpan.FromHours(8));
        await _world.PassAsync(lastMinute - _world.Clock.GetUtcNow());
        var inFlight = MerchantCalls.Request(_merchant, device, lastMinute);
        await _world.DeviceSaysAsync(inFlight, device);
        _world.Told(device)[^1].ShouldBeOfType<PayQr>();
        await _world.PassAsync(TimeSpan.FromMinutes(1));

        await _world.DeviceSaysAsync(MerchantCalls.Request(_merchant, device, _world.Clock.GetUtcNow()), device);
        _world.Told(device)[^1].ShouldBeOfType<PayRefused>().Message.Zh.ShouldBe("该商户服务已到期，请联系经销商");
        // The machine asks again for what is in flight, because it heard nothing: it must not hear that it is refused.
        await _world.DeviceSaysAsync(inFlight, device);
        _world.Told(device)[^1].ShouldBeOfType<PayQr>();
        _world.Bank.Pay(inFlight.OrderId);
        (await _world.BankNotifiesAsync(inFlight.OrderId)).ShouldBeTrue();
        (await _world.OrderAsync(inFlight.OrderId)).State.ShouldBe(CanteenPay.Functions.Payments.Rules.OrderState.Paid);

        await RenewAsync("renewal-1");
        await _world.PassAsync(TimeSpan.FromSeconds(61));
        await _world.DeviceSaysAsync(MerchantCalls.Request(_merchant, device, _world.Clock.GetUtcNow()), device);
        _world.Told(device)[^1].ShouldBeOfType<PayQr>();
    }

    [Fact]
    public async Task A_suspended_merchant_is_refused_in_other_words_until_it_goes_on_and_a_closed_one_for_good()
    {
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        (await _world.MoveMerchantAsync(_merchant, MerchantState.Suspended)).Status.ShouldBe(200);
        (await RefusedAsync(device)).ShouldBe("服务已暂停");
        (await _world.MoveMerchantAsync(_merchant, MerchantState.Active)).Status.ShouldBe(200);
        (await RefusedAsync(device)).ShouldBeNull();
        (await _world.MoveMerchantAsync(_merchant, MerchantState.Closed)).Status.ShouldBe(200);
        (await RefusedAsync(device)).ShouldBe("商户未开通云支付");
        (await _world.MoveMerchantAsync(_merchant, MerchantState.Active)).Code.ShouldBe("state");
        (await RenewAsync("renewal-9")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await _http.GetAsync($"/api/merchants/{_merchant}"))["state"]!.GetValue<string>().ShouldBe("closed");
        (await _world.Applications.StepsAsync(_merchant, CancellationToken.None).Select(step => step.To.Name()).ToListAsync())[^3..].ShouldBe(["suspended", "active", "closed"]);
    }

    [Theory]
    [InlineData("2026-11-22", "2027-11-22")]
    [InlineData("2028-02-29", "2029-02-28")]
    [InlineData("2027-02-28", "2028-02-28")]
    public void A_year_ends_on_the_same_date_of_the_next_year(string begins, string ends) =>
        SubscriptionRules.YearFrom(DateOnly.Parse(begins, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe(DateOnly.Parse(ends, System.Globalization.CultureInfo.InvariantCulture));

    private async Task<string?> RefusedAsync(DeviceId device)
    {
        await _world.PassAsync(TimeSpan.FromSeconds(61));
        await _world.DeviceSaysAsync(MerchantCalls.Request(_merchant, device, _world.Clock.GetUtcNow()), device);
        return (_world.Told(device)[^1] as PayRefused)?.Message.Zh;
    }

    private Task<JsonNode> SubscriptionAsync() => _http.GetAsync($"/api/merchants/{_merchant}/subscription");

    private Task<(HttpStatusCode Status, JsonNode Body)> RenewAsync(string key) => _http.PostAsync($"/api/merchants/{_merchant}/subscription/renewals", "", key);

    private async Task<MerchantProfile> ProfileAsync() => (await _world.Get<MerchantRegistry>().ReadAsync(_merchant, CancellationToken.None)).ShouldNotBeNull();

    private async Task UntilAsync(string day)
    {
        var morning = new DateTimeOffset(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture).ToDateTime(new(1, 30)), TimeSpan.FromHours(8));
        await _world.PassAsync(morning - _world.Clock.GetUtcNow());
    }

    private static string Day(JsonNode subscription, string field) => subscription[field]!.GetValue<string>();
}
