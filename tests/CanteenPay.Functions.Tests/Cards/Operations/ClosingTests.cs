using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>退卡: nobody is paid out what a machine may still have taken.</summary>
public sealed class ClosingTests : IAsyncLifetime
{
    private readonly World _world = new();
    private readonly Journal _journal = new();
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
    public async Task An_account_is_paid_out_when_its_machine_knows_of_it_and_all_that_it_held_is_booked()
    {
        var first = await CloseAsync();
        first.Waits.ShouldHaveSingleItem().ShouldContain("being told");
        (await _world.AccountAsync(_account.AccountId)).State.ShouldBe(AccountState.Closing);
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        (await CloseAsync()).Waits.ShouldHaveSingleItem().ShouldContain("has not said");
        await _world.MachineKnowsAsync(2, _journal);
        (await CloseAsync()).Waits.ShouldHaveSingleItem().ShouldContain("does not know");
        _journal.Tap(_account, 5_00);
        await _world.MachineKnowsAsync(await FeedAsync(), _journal);
        (await CloseAsync()).Waits.ShouldHaveSingleItem().ShouldContain("1 records are still on machine DEVMACH1");
        (await _world.AccountAsync(_account.AccountId)).Balance.ShouldBe(new Fen(90_00), "nothing is paid out meanwhile");

        await _world.CardsSayAsync(_journal.Batch(first: 2));
        var done = await CloseAsync();

        done.Row.IsFinished.ShouldBeTrue();
        var closed = await _world.AccountAsync(_account.AccountId);
        (closed.State, closed.Balance, closed.Cards[0].State).ShouldBe((AccountState.Closed, Fen.Zero, CardState.Cancelled));
        done.Steps[^1].Entries.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            entry => entry.Kind.ShouldBe(LedgerKind.Payout),
            entry => entry.Amount.ShouldBe(new Fen(85_00)));
        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task The_sweep_pays_out_by_itself_once_the_machine_has_spoken_even_if_it_is_gone_since()
    {
        await CloseAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        await _world.MachineKnowsAsync(await FeedAsync(), _journal);
        await _world.DeviceStatusAsync(new DeviceOffline());
        await _world.PassAsync(TimeSpan.FromMinutes(4));

        await _world.SweepAsync();

        (await _world.AccountAsync(_account.AccountId)).State.ShouldBe(AccountState.Closed);
        (await _world.CardGuardsAsync()).Count(guard => guard.Operation is not null).ShouldBe(0);
    }

    [Fact]
    public async Task With_an_amount_withheld_the_rest_is_paid_out_at_once_and_what_is_left_later()
    {
        var first = await CloseAsync(withhold: 30_00);
        first.Row.IsFinished.ShouldBeFalse();
        (await _world.AccountAsync(_account.AccountId)).Balance.ShouldBe(new Fen(30_00));

        _journal.Tap(_account, 12_00);
        await _world.CardsSayAsync(_journal.Batch(first: 2));
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        await _world.MachineKnowsAsync(await FeedAsync(), _journal);
        var done = await CloseAsync(withhold: 30_00);

        done.Steps.SelectMany(step => step.Entries).Select(entry => (entry.Kind, entry.Amount.Value)).ShouldBe([(LedgerKind.Payout, 60_00L), (LedgerKind.Payout, 18_00L)]);
        (await _world.AccountAsync(_account.AccountId)).State.ShouldBe(AccountState.Closed);
        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_tap_that_comes_after_the_payout_is_booked_and_flagged()
    {
        await CloseAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        await _world.MachineKnowsAsync(await FeedAsync(), _journal);
        (await CloseAsync()).Row.IsFinished.ShouldBeTrue();

        var stray = new Journal(World.OtherMachine, epoch: "EP0CH002");
        stray.Tap(_account, 7_00, tap => tap with { At = _world.Clock.GetUtcNow() });
        await _world.CardsSayAsync(stray.Batch(sentAt: _world.Clock.GetUtcNow()), World.OtherMachine);

        stray.LastSeq.ShouldBe(_world.LastAck(World.OtherMachine).Through);
        (await _world.AccountAsync(_account.AccountId)).Balance.ShouldBe(new Fen(-7_00));
        var flags = (await _world.LedgerAsync()).Single(line => line.Entry.Tapped?.TapId == stray.Entries[0].TapId).Entry.Flags;
        flags.HasFlag(EntryFlags.AfterClose).ShouldBeTrue();
        flags.HasFlag(EntryFlags.Overdrawn).ShouldBeTrue();
        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_journal_that_its_machine_no_longer_names_is_waited_for_until_an_operator_ends_it()
    {
        var lost = new Journal(World.OtherMachine, epoch: "EP0CH002");
        await _world.CardsSayAsync(lost.Pull(), World.OtherMachine);
        await CloseAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        await _world.MachineKnowsAsync(await FeedAsync(), _journal);
        await _world.MachineKnowsAsync(await FeedAsync(), new Journal(World.OtherMachine, epoch: "EP0CH003"));

        (await CloseAsync()).Waits.ShouldHaveSingleItem().ShouldContain("EP0CH002");
        var cursor = (await _world.Cards.CursorAsync(World.Merchant, World.OtherMachine, lost.Epoch, CancellationToken.None)).ShouldNotBeNull();
        await _world.Get<CanteenPay.Functions.Cards.Journals>().EndAsync(cursor, CancellationToken.None);

        (await CloseAsync()).Row.IsFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task A_closing_account_takes_no_more_money_and_a_closed_one_to_which_money_came_back_is_closed_once_more()
    {
        await CloseAsync();
        (await _world.OfficeAsync("topup-late", new TopUp(new Fen(1)), _account.AccountId)).Refused!.Code.ShouldBe(OperationRefusal.AccountClosed);
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        await _world.MachineKnowsAsync(await FeedAsync(), _journal);
        (await CloseAsync()).Row.IsFinished.ShouldBeTrue();
        (await CloseAsync(key: "close-again")).Refused!.Code.ShouldBe(OperationRefusal.NothingLeft);

        var tap = _journal.Entries[0];
        await _world.OfficeAsync("reverse-tap", new ReverseTap(tap.PostingDay, _journal.Device, _journal.Epoch, tap.Seq), _account.AccountId);
        await CloseAsync(key: "close-once-more");
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        await _world.MachineKnowsAsync(await FeedAsync(), _journal);
        var done = await CloseAsync(key: "close-once-more");

        done.Steps[^1].Entries.ShouldHaveSingleItem().Amount.ShouldBe(new Fen(10_00));
        (await _world.AccountAsync(_account.AccountId)).Balance.ShouldBe(Fen.Zero);
        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Later_changes_of_other_accounts_are_not_waited_for()
    {
        await CloseAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        await CloseAsync();
        var knows = await FeedAsync();
        await _world.HolderAsync(cardNo: "0A0B0C0E");
        await _world.PassAsync(TimeSpan.FromSeconds(10));
        (await FeedAsync()).ShouldBeGreaterThan(knows);

        await _world.MachineKnowsAsync(knows, _journal);

        (await CloseAsync()).Row.IsFinished.ShouldBeTrue();
    }

    private async Task<long> FeedAsync() => (await _world.Cards.FeedAsync(World.Merchant, CancellationToken.None)).Current;

    private Task<OperationProgress> CloseAsync(long? withhold = null, string key = "close-0001") =>
        _world.OfficeAsync(key, new CloseAccount(withhold is { } fen ? new Fen(fen) : null), _account.AccountId);
}
