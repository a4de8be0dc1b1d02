using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>A machine's entries reach the ledger and the balance once, however they come.</summary>
public sealed class BookingTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_batch_is_booked_acknowledged_and_told_to_all_machines()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 12_50);
        _journal.Tap(account, 3_00);

        await _world.CardsSayAsync(_journal.Batch());
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        _world.Failures.ShouldBeEmpty();
        _world.LastAck().ShouldSatisfyAllConditions(
            ack => ack.Through.ShouldBe(2),
            ack => ack.Hash.ShouldBe(_journal.HashAt(2)),
            ack => ack.Restart.ShouldBeFalse(),
            ack => ack.HeldThrough.ShouldBeNull());
        var booked = await _world.AccountAsync(account.AccountId);
        booked.Balance.ShouldBe(new Fen(84_50));
        booked.Applied.ShouldHaveSingleItem().ShouldBe(new(_journal.Key, 2));
        booked.Counters!.At(Meal.Lunch).ShouldBe(new Spent(new Fen(15_50), 2));
        booked.Version.ShouldBe(2);
        var changed = _world.Changes().ShouldHaveSingleItem();
        (changed.FromVersion, changed.ToVersion).ShouldBe((1L, 2L));
        changed.Accounts.ShouldHaveSingleItem().Balance.ShouldBe(new Fen(84_50));
        var lines = await _world.LedgerAsync();
        lines.Select(line => (line.Entry.Kind, line.Entry.Change.Value, line.Entry.Flags)).ShouldBe(
            [(LedgerKind.Debit, -12_50L, EntryFlags.None), (LedgerKind.Debit, -3_00L, EntryFlags.None)]);
    }

    [Fact]
    public async Task A_pull_opens_the_journal_and_brings_every_account()
    {
        await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        await _world.OpenAccountAsync("ACC0VNT2", 50_00, "0A0B0C0E");

        await _world.CardsSayAsync(_journal.Pull());

        var part = _world.ToldOfCards().ShouldHaveSingleItem().ShouldBeOfType<CardsPart>();
        part.Accounts.Select(account => account.AccountId.Value).ShouldBe(["ACC0VNT1", "ACC0VNT2"]);
        (part.Delta, part.More, part.Version, part.FromVersion).ShouldBe((false, false, FeedRow.First, 0L));
        (await _world.Cards.CursorAsync(World.Merchant, World.Machine, _journal.Epoch, CancellationToken.None)).ShouldNotBeNull().Through.ShouldBe(0);
    }

    [Fact]
    public async Task A_status_is_answered_with_where_the_cloud_stands()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1);
        await _world.CardsSayAsync(_journal.Batch());
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        await _world.DeviceStatusAsync(new DeviceStatus
        {
            Version = "1",
            Unsent = 0,
            OpenOrders = 0,
            Clock = World.Noon,
            DiskFreeBytes = 1,
            Journals = [new(_journal.Epoch, World.Merchant, 1, 0), new(Epoch.Parse("NEVER000"), World.Merchant, 1, 0)],
        });

        var ack = _world.Messages(Topics.StatusDown(World.Machine)).ShouldHaveSingleItem().ShouldBeOfType<StatusAck>();
        ack.FeedVersion.ShouldBe(2);
        ack.Cursors.ShouldHaveSingleItem().ShouldBe(new(_journal.Epoch, World.Merchant, 1, _journal.HashAt(1), Restart: false));
    }
}
