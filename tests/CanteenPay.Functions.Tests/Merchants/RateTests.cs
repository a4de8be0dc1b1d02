using System.Net;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>What payments cost, from when: <c>/api/merchants/{id}/rates</c>.</summary>
public sealed class RateTests : IAsyncLifetime
{
    private readonly World _world = new();
    private MerchantCalls _http = null!;
    private MerchantId _merchant;
    private string _distributor = "";

    public async Task InitializeAsync()
    {
        _http = await MerchantCalls.StartAsync(_world);
        var distributor = await _world.DistributorAsync();
        _distributor = distributor.Scope.Distributors.Single().Value;
        _merchant = await _world.ActiveMerchantAsync(distributor);
    }

    public async Task DisposeAsync()
    {
        await _http.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_rate_holds_from_its_day_on_and_payments_of_the_day_before_keep_the_old_one()
    {
        var (status, set) = await SetAsync("2026-11-23", 55, 20, 10);

        status.ShouldBe(HttpStatusCode.OK);
        set["bankMustBeTold"]!.GetValue<bool>().ShouldBeTrue();
        set["shares"]![0]!["distributorId"]!.GetValue<string>().ShouldBe(_distributor);
        (await _http.GetAsync($"/api/merchants/{_merchant}/rates")).AsArray().Select(rate => rate!["rateBasisPoints"]!.GetValue<int>()).ShouldBe([60, 55]);
        var profile = (await _world.Get<MerchantRegistry>().ReadAsync(_merchant, CancellationToken.None)).ShouldNotBeNull();
        (profile.RateOn(new(2026, 11, 22)), profile.RateOn(new(2026, 11, 23))).ShouldBe((60, 55));
    }

    [Fact]
    public async Task A_payment_takes_the_rate_of_its_settlement_date()
    {
        await SetAsync("2026-11-23", 38, 20, 10);
        var device = await _http.EnrolAsync(_merchant, "一号窗口");
        var today = await PayAsync(device);
        await _world.PassAsync(TimeSpan.FromDays(1));
        var tomorrow = await PayAsync(device);

        (await RateOfAsync(today)).ShouldBe(new(60, 20));
        (await RateOfAsync(tomorrow)).ShouldBe(new(38, 20));
    }

    [Theory]
    [InlineData("2026-11-22", 55, 20, 10, "validFrom")]
    [InlineData("2026-11-21", 55, 20, 10, "validFrom")]
    [InlineData("2029-11-21", 55, 20, 10, "validFrom")]
    [InlineData("tomorrow", 55, 20, 10, "validFrom")]
    [InlineData("2026-11-23", 55, 46, 10, "shares")]
    [InlineData("2026-11-23", 1001, 20, 10, "rateBasisPoints")]
    [InlineData("2026-11-23", 55, -1, 10, "bankCostBasisPoints")]
    [InlineData("2026-11-23", 55, 20, 0, "shares")]
    public async Task A_rate_that_may_lie_in_a_settled_day_or_gives_away_more_than_it_takes_is_refused(string from, int rate, int bank, int share, string field)
    {
        var (status, problem) = await SetAsync(from, rate, bank, share);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe(field);
        (await _http.GetAsync($"/api/merchants/{_merchant}/rates")).AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Minutes_before_midnight_it_is_too_late_for_tomorrow()
    {
        await _world.PassAsync(new DateTimeOffset(2026, 11, 22, 23, 56, 0, TimeSpan.FromHours(8)) - World.Noon);

        (await SetAsync("2026-11-23", 55, 20, 10)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SetAsync("2026-11-24", 55, 20, 10)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_rate_that_has_not_begun_may_be_set_anew()
    {
        await SetAsync("2026-12-01", 55, 20, 10);
        await SetAsync("2026-12-01", 50, 20, 10);

        (await _http.GetAsync($"/api/merchants/{_merchant}/rates")).AsArray().Select(rate => rate!["rateBasisPoints"]!.GetValue<int>()).ShouldBe([60, 50]);
        (await _world.Get<MerchantRegistry>().ReadAsync(_merchant, CancellationToken.None)).ShouldNotBeNull().RateOn(new(2027, 1, 1)).ShouldBe(50);
    }

    [Fact]
    public void A_calendar_gives_each_day_the_last_rate_that_began_and_survives_as_text() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            Gen.Choose(0, 400).Zip(Gen.Choose(0, 1000)).ListOf().Zip(Gen.Choose(0, 400)).ToArbitrary(),
            drawn =>
            {
                var (rates, asked) = drawn;
                var start = new DateOnly(2026, 1, 1);
                var calendar = rates.Aggregate(RateCalendar.Empty, (made, rate) => made.With(start.AddDays(rate.Item1), new(rate.Item2, rate.Item2 / 3)));

                var began = rates.Where(rate => rate.Item1 <= asked).ToList();
                // Before the first rate the first holds.
                var day = began.Count > 0 ? began.Max(rate => rate.Item1) : rates.Select(rate => (int?)rate.Item1).Min();
                var expected = day is null ? 60 : rates.Last(rate => rate.Item1 == day).Item2;
                calendar.On(start.AddDays(asked)).ShouldBe(new(expected, day is null ? 0 : expected / 3));
                RateCalendar.Parse(calendar.ToString()).ToString().ShouldBe(calendar.ToString());
            }));

    [Fact]
    public void Whatever_terms_pass_the_check_leave_nobody_less_than_nothing() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(
            Gen.Choose(-5, 1010).Zip(Gen.Choose(-5, 60)).Zip(Gen.Choose(-2, 30).ListOf()).ToArbitrary(),
            drawn =>
            {
                var ((rate, bank), points) = drawn;
                var shares = points.Select(share => new FeeShare(DistributorId.New(), share)).ToList();
                var errors = new Dictionary<string, string[]>();
                FeeTerms.Check(new(rate, bank, shares), errors);

                var may = rate is >= 0 and <= 1000 && bank is >= 0 and <= 1000 && points.Count <= 10 && points.All(share => share >= 1) && rate - bank - points.Sum() >= 0;
                (errors.Count == 0).ShouldBe(may);
            }));

    private Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode Body)> SetAsync(string from, int rate, int bank, int share) => _http.PostAsync(
        $"/api/merchants/{_merchant}/rates",
        $$"""{"validFrom":"{{from}}","rateBasisPoints":{{rate}},"bankCostBasisPoints":{{bank}},"shares":[{"distributorId":"{{_distributor}}","basisPoints":{{share}}}]}""");

    private async Task<OrderId> PayAsync(DeviceId device)
    {
        var request = MerchantCalls.Request(_merchant, device, _world.Clock.GetUtcNow());
        await _world.DeviceSaysAsync(request, device);
        _world.Told(device)[^1].ShouldBeOfType<PayQr>();
        _world.Bank.Pay(request.OrderId);
        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        return request.OrderId;
    }

    private async Task<FeeRate> RateOfAsync(OrderId id)
    {
        var order = await _world.OrderAsync(id);
        return new(order.FeeRateBasisPoints, order.BankCostBasisPoints);
    }
}
