using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Reports.Rules;

namespace CanteenPay.Functions.Tests.Cards.Reports;

/// <summary>A night's check that could say nothing is made again later.</summary>
public sealed class CheckAgainTests : IAsyncLifetime
{
    private readonly World _world = new();
    private ChangeRow _change = null!;

    public async Task InitializeAsync()
    {
        var account = await _world.HolderAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(20));
        // The feed never takes it up: nobody wakes it.
        _change = new(World.Merchant, "never", [account.AccountId]);
        await _world.Tables.GetTableClient(CardKeys.Cards).AddEntityAsync(_change);
    }

    public Task DisposeAsync()
    {
        _world.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_comes_again_each_half_hour_until_it_can_say_something()
    {
        await _world.FeedAsync(new(World.Merchant, CardFeedKind.Check));
        (await ResultAsync()).IsSettled.ShouldBeFalse();
        await _world.PassAsync(TimeSpan.FromMinutes(31));
        (await ResultAsync()).IsSettled.ShouldBeFalse();
        await SettleAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(28));
        (await ResultAsync()).IsSettled.ShouldBeFalse("it is not time yet");

        await _world.PassAsync(TimeSpan.FromMinutes(2));

        (await ResultAsync()).IsClosed.ShouldBeTrue();
        _world.Failures.ShouldBeEmpty();
        _world.ServiceBus.NextDue(FeedWake.Queue).ShouldBeNull();
    }

    [Fact]
    public async Task It_comes_no_more_when_it_was_tried_often_enough()
    {
        await _world.FeedAsync(new(World.Merchant, CardFeedKind.Check));
        await _world.PassAsync(TimeSpan.FromHours(5));

        var last = await ResultAsync();

        last.IsSettled.ShouldBeFalse();
        last.At.ShouldBe(World.Noon.AddSeconds(20).AddMinutes(7 * 30));
        _world.ServiceBus.NextDue(FeedWake.Queue).ShouldBeNull();
    }

    [Fact]
    public async Task A_check_that_takes_too_long_gives_up_before_the_host_does()
    {
        await SettleAsync();
        _world.Tables.AfterOperation = operation =>
        {
            if (operation.StartsWith("CardEntries.Query", StringComparison.Ordinal))
                _world.Clock.MoveTo(_world.Clock.GetUtcNow().AddMinutes(4.5));
            return Task.CompletedTask;
        };

        await _world.FeedAsync(new(World.Merchant, CardFeedKind.Check));

        (await ResultAsync()).IsSettled.ShouldBeFalse();
        _world.ServiceBus.NextDue(FeedWake.Queue).ShouldNotBeNull();
    }

    private async Task<LoopResult> ResultAsync() =>
        (await _world.Cards.FindAsync<LoopRow>(World.Merchant, LoopRow.Key(new(2026, 11, 22)), CancellationToken.None)).ShouldNotBeNull().Result;

    private Task SettleAsync() => _world.Tables.GetTableClient(CardKeys.Cards).DeleteEntityAsync(World.Merchant.Value, CardKeys.Change(_change.Key));
}
