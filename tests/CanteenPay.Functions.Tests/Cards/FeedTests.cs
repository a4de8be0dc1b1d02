using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>Every change reaches every machine: at once where it can, by a pull where it could not.</summary>
public sealed class FeedTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Changes_of_three_seconds_are_one_version_and_one_message()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        var other = new Journal(World.OtherMachine);
        _journal.Tap(account, 1_00);
        other.Tap(account, 2_00);

        await _world.CardsSayAsync(_journal.Batch());
        await _world.CardsSayAsync(other.Batch(), World.OtherMachine);

        _world.ServiceBus.Waiting(FeedWake.Queue).Count.ShouldBe(1);
        _world.Changes().ShouldBeEmpty("it is due after the slot's end");
        await _world.PassAsync(TimeSpan.FromSeconds(6));
        _world.Changes().ShouldHaveSingleItem().Accounts.ShouldHaveSingleItem().Balance.ShouldBe(new Fen(97_00));
        (await _world.Cards.ChangesAsync(World.Merchant, null, CancellationToken.None).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_accounts_are_cut_into_versions_that_each_fit_a_message()
    {
        await ChangeManyAsync(300);
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        var changes = _world.Changes();
        changes.Count.ShouldBeGreaterThan(3);
        changes.Zip(changes.Skip(1)).ShouldAllBe(pair => pair.First.ToVersion == pair.Second.FromVersion);
        changes.Sum(change => change.Accounts.Count).ShouldBe(300);
        _world.Broker.Published.ShouldAllBe(message => message.Payload.ToMemory().Length <= DeviceMessageJson.MaxBytes);
        var feed = await _world.Cards.FeedAsync(World.Merchant, CancellationToken.None);
        (feed.Current, feed.Published).ShouldBe((changes[^1].ToVersion, changes[^1].ToVersion));
    }

    [Fact]
    public async Task A_feed_that_nobody_woke_is_woken_by_the_sweep_after_3_minutes_and_its_guard_goes_when_it_guards_nothing()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        _world.Clock.MoveTo(World.Noon.AddSeconds(10));
        _world.ServiceBus.TakeDue(FeedWake.Queue).ShouldNotBeNull("lost");

        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await _world.SweepAsync();
        _world.ServiceBus.Waiting(FeedWake.Queue).ShouldBeEmpty();
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await _world.SweepAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(1));
        _world.Changes().Count.ShouldBe(1);

        await _world.SweepAsync();
        (await _world.CardGuardsAsync()).Count.ShouldBe(1, "somebody who wrote it may still be about to write");
        await _world.PassAsync(TimeSpan.FromMinutes(15));
        await _world.SweepAsync();
        (await _world.CardGuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_feed_that_fails_waits_by_itself()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        _world.Broker.BeforeOperation = operation => operation.Contains("merchants", StringComparison.Ordinal)
            ? throw new global::Azure.RequestFailedException(503, "busy")
            : Task.CompletedTask;
        await _world.PassAsync(TimeSpan.FromSeconds(60));
        _world.Failures.ShouldBeEmpty();

        _world.Broker.BeforeOperation = null;
        await _world.PassAsync(TimeSpan.FromSeconds(60));

        _world.Changes().ShouldHaveSingleItem("published although its version was made long before").ToVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Two_who_advance_a_feed_at_once_make_each_version_once()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var between = false;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (!between && operation.StartsWith("Cards.Transaction", StringComparison.Ordinal))
            {
                between = true;
                await _world.FeedAsync(new(World.Merchant, CardFeedKind.Advance));
            }
        };

        await _world.FeedAsync(new(World.Merchant, CardFeedKind.Advance));

        between.ShouldBeTrue();
        _world.Changes().ShouldAllBe(change => change.ToVersion == 2);
        (await _world.Cards.FeedAsync(World.Merchant, CancellationToken.None)).Current.ShouldBe(2);
    }

    [Fact]
    public async Task Old_versions_are_cleared_away()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        for (var change = 0; change < 130; change++)
        {
            await ChangeAsync(account, $"some{change:D3}");
            await _world.FeedAsync(new(World.Merchant, CardFeedKind.Advance));
            if (change == 60)
                await _world.PassAsync(TimeSpan.FromDays(9));
        }

        var kept = await _world.Cards.ListAsync<LogRow>(World.Merchant, CardKeys.LogPrefix, null, CancellationToken.None).ToListAsync();
        kept.Count.ShouldBe(130 - 61);
        kept.ShouldAllBe(log => log.At > World.Noon.AddDays(8));
    }

    private async Task ChangeAsync(CardAccount account, string key) =>
        (await _world.Cards.TryWriteAsync(new CardTransaction().Insert(new ChangeRow(World.Merchant, key, [account.AccountId])), CancellationToken.None)).ShouldNotBeNull();

    private async Task ChangeManyAsync(int count)
    {
        var accounts = new List<CardAccount>();
        for (var number = 0; number < count; number++)
            accounts.Add(await _world.OpenAccountAsync($"ACC{number:D5}", 100_00, $"0A0B{number:D4}", account => account with { Name = "示范食堂员工姓名" }));
        foreach (var (index, some) in accounts.Chunk(90).Index())
        {
            await _world.Cards.TryWriteAsync(
                new CardTransaction().Insert(new ChangeRow(World.Merchant, $"many-{index}", [.. some.Select(account => account.AccountId)])), CancellationToken.None);
        }

        await _world.Get<FeedWake>().WakeAsync(World.Merchant, CancellationToken.None);
    }
}
