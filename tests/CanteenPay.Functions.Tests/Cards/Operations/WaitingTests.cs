using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>The guardian, when many wait and somebody was left behind.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    private readonly World _world = new();
    private readonly Journal _journal = new();
    private readonly List<string> _done = [];
    private CardAccount _account = null!;

    public async Task InitializeAsync()
    {
        _account = await _world.HolderAsync();
        _journal.Tap(_account, 10_00);
        await _world.CardsSayAsync(_journal.Batch());
        await _world.PassAsync(TimeSpan.FromSeconds(10));
    }

    public Task DisposeAsync()
    {
        _world.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Many_that_wait_do_not_stand_before_one_that_was_left_behind()
    {
        await LeaveTopUpAsync("zz-topup-killed");
        var guards = _world.Tables.GetTableClient("OpenCards");
        for (var number = 0; number < 600; number++)
            await guards.AddEntityAsync(new OpenCardRow(World.Merchant, $"aa-waits-{number:D4}", _world.Clock.GetUtcNow()) { Waits = true });
        await _world.PassAsync(TimeSpan.FromMinutes(4));

        await _world.SweepAsync();

        (await _world.LedgerAsync()).ShouldContain(line => line.Entry.Operation == "zz-topup-killed");
    }

    [Fact]
    public async Task Closings_that_wait_ask_each_machine_once_in_a_sweep_and_write_nothing()
    {
        var other = await _world.HolderAsync(cardNo: "0A0B0C0E");
        await _world.OfficeAsync("close-0001", new CloseAccount(new Fen(1_00)), _account.AccountId);
        await _world.OfficeAsync("close-0002", new CloseAccount(new Fen(1_00)), other.AccountId);
        await _world.PassAsync(TimeSpan.FromMinutes(4));
        // Notes from which version on machines know it, and that the two only wait.
        await _world.SweepAsync();
        (await _world.CardGuardsAsync()).Where(guard => guard.Operation is not null).Select(guard => guard.Waits).ShouldBe([true, true]);
        await _world.PassAsync(TimeSpan.FromMinutes(20));
        await _world.SweepAsync();
        Record();

        await _world.SweepAsync();

        _world.Failures.ShouldBeEmpty();
        _done.Count(operation => operation == $"Devices.Get {World.Machine}/status").ShouldBe(1);
        _done.Where(operation => operation.StartsWith("Card", StringComparison.Ordinal) && operation.Contains("Transaction", StringComparison.Ordinal)).ShouldBeEmpty();
        _done.ShouldNotContain(operation => operation.StartsWith("OpenCards.Upsert", StringComparison.Ordinal));

        var feed = (await _world.Cards.FeedAsync(World.Merchant, CancellationToken.None)).Current;
        await _world.MachineKnowsAsync(feed, _journal);
        await _world.SweepAsync();
        foreach (var account in new[] { _account, other })
            (await _world.AccountAsync(account.AccountId)).ShouldSatisfyAllConditions(closed => closed.State.ShouldBe(AccountState.Closed), closed => closed.Balance.ShouldBe(Fen.Zero));
        (await _world.CardGuardsAsync()).ShouldNotContain(guard => guard.Operation != null);
    }

    [Fact]
    public async Task Machines_are_told_before_the_guard_goes()
    {
        Record();

        await _world.OfficeAsync("topup-0001", new TopUp(new Fen(5_00)), _account.AccountId);

        var woken = _done.FindIndex(operation => operation.StartsWith("card-feed.Send", StringComparison.Ordinal));
        var released = _done.FindIndex(operation => operation.StartsWith("OpenCards.Delete", StringComparison.Ordinal));
        (woken, released).ShouldSatisfyAllConditions(at => at.woken.ShouldBeGreaterThan(-1), at => at.released.ShouldBeGreaterThan(at.woken));
    }

    [Fact]
    public async Task What_was_left_behind_is_guarded_anew_before_the_machines_are_told()
    {
        await LeaveTopUpAsync("topup-killed");
        var guard = new OpenCardRow(World.Merchant, Operation: null, default);
        await _world.Tables.GetTableClient("OpenCards").DeleteEntityAsync(guard.PartitionKey, guard.RowKey);
        await _world.PassAsync(TimeSpan.FromMinutes(4));

        await _world.SweepAsync();

        (await _world.CardGuardsAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            left => left.Operation.ShouldBeNull(), left => left.GuardedAt.ShouldBe(_world.Clock.GetUtcNow()));
    }

    /// <summary>Its money has moved, and nothing after that was done.</summary>
    private async Task LeaveTopUpAsync(string key)
    {
        _world.Tables.AfterOperation = operation => operation.StartsWith("Cards.Transaction DEVMERCH/3", StringComparison.Ordinal) ? throw new Killed(operation) : Task.CompletedTask;
        (await _world.TryOfficeAsync(key, new TopUp(new Fen(5_00)), _account.AccountId)).ShouldBeNull();
        _world.Tables.AfterOperation = null;
        _world.Failures.Clear();
    }

    private void Record() => _world.Tables.AfterOperation = _world.ServiceBus.AfterOperation = operation =>
    {
        _done.Add(operation);
        return Task.CompletedTask;
    };
}
