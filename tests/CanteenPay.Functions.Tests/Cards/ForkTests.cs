using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>A machine that was restored from an old image: where its journal parts from what is booked is found, proven and told.</summary>
public sealed class ForkTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task A_restored_machine_is_told_the_last_entry_that_is_held_alike_and_books_the_rest_in_a_new_journal(int imageAt)
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        for (var tap = 0; tap < 5; tap++)
            _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var restored = _journal.ImageAt(imageAt);
        for (var tap = 0; tap < 6; tap++)
            restored.Tap(account, 2_00);

        await _world.CardsSayAsync(restored.Batch(imageAt + 1));

        _world.LastAck().ShouldSatisfyAllConditions(
            ack => ack.Through.ShouldBe(5),
            ack => ack.Hash.ShouldBe(_journal.HashAt(5)),
            ack => ack.HeldThrough.ShouldBe(imageAt),
            ack => ack.HeldHash.ShouldBe(restored.HashAt(imageAt)));
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(95_00), "nothing is booked of what contradicts");
        await _world.CardsSayAsync(restored.Batch(imageAt + 1));
        (await _world.ParkedAsync()).ShouldHaveSingleItem("it is kept for a person, once").Reason.ShouldContain("restored");

        // The machine's part, as agreed.
        var again = new Journal(epoch: "EP0CH002");
        foreach (var entry in restored.Entries.Skip(imageAt))
            again.Tap(account, 0, tap => entry with { Seq = tap.Seq });
        await _world.CardsSayAsync(again.Batch());
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(83_00));
    }

    [Fact]
    public async Task A_restored_machine_that_has_made_nothing_since_is_told_where_its_journal_parts_too()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        for (var tap = 0; tap < 3; tap++)
            _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var restored = _journal.ImageAt(2);
        var batch = restored.Batch(2);

        await _world.CardsSayAsync(batch);

        _world.LastAck().ShouldSatisfyAllConditions(
            ack => ack.Through.ShouldBe(3),
            ack => ack.InReplyTo.ShouldBe(batch.Id),
            ack => (ack.HeldThrough, ack.HeldHash).ShouldBe((2L, restored.HashAt(2))));
        (await _world.ParkedAsync()).ShouldBeEmpty("nothing is lost that it knows of");
    }

    [Fact]
    public async Task A_fork_within_a_batch_is_found_at_its_entry()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        for (var tap = 0; tap < 8; tap++)
            _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var restored = _journal.ImageAt(5);
        restored.Tap(account, 2_00);

        await _world.CardsSayAsync(restored.Batch(3));

        (_world.LastAck().HeldThrough, _world.LastAck().HeldHash).ShouldBe((5L, restored.HashAt(5)));
    }

    [Fact]
    public async Task The_entry_before_the_fork_is_found_also_when_it_is_of_another_day_or_month()
    {
        foreach (var daysBefore in (int[])[1, 20, 90])
        {
            using var world = new World();
            var account = await world.OpenAccountAsync("ACC0VNT1", 100_00);
            var journal = new Journal();
            journal.Tap(account, 1_00, entry => entry with { PostingDay = entry.PostingDay.AddDays(-daysBefore) });
            journal.Tap(account, 1_00);
            await world.CardsSayAsync(journal.Batch());
            var restored = journal.ImageAt(1);
            restored.Tap(account, 3_00);

            await world.CardsSayAsync(restored.Batch(2));

            (world.LastAck().HeldThrough, world.LastAck().HeldHash).ShouldBe((1L, restored.HashAt(1)), $"{daysBefore} days before");
        }
    }

    [Fact]
    public async Task A_forged_fork_costs_point_reads_and_parks_its_journal_where_it_is_too_old_to_be_compared()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        for (var tap = 0; tap < 130; tap++)
            _journal.Tap(account, 1, entry => entry with { PostingDay = entry.PostingDay.AddDays(-130 + tap) });
        await _world.CardsSayAsync(_journal.Batch(1, 70));
        await _world.CardsSayAsync(_journal.Batch(71));
        _world.LastAck().Through.ShouldBe(130);
        var forged = _journal.ImageAt(1);
        forged.Tap(account, 3_00);
        forged.Tap(account, 3_00);
        var operations = new List<string>();
        _world.Tables.BeforeOperation = operation =>
        {
            if (operation.StartsWith("CardEntries.", StringComparison.Ordinal))
                operations.Add(operation);
            return Task.CompletedTask;
        };

        await _world.CardsSayAsync(forged.Batch(2));

        operations.ShouldAllBe(operation => operation.Contains(".Get ", StringComparison.Ordinal));
        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("too old");
    }

    [Fact]
    public async Task A_batch_after_the_cursor_whose_past_is_another_says_nothing_of_what_is_held()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var restored = _journal.ImageAt(1);
        restored.Tap(account, 2_00);
        restored.Tap(account, 2_00);

        await _world.CardsSayAsync(restored.Batch(3));

        _world.LastAck().ShouldSatisfyAllConditions(ack => ack.Through.ShouldBe(2), ack => ack.HeldThrough.ShouldBeNull(), ack => ack.Restart.ShouldBeFalse());
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(98_00));
    }

    private async Task<CursorRow> CursorAsync(Journal journal) =>
        (await _world.Cards.CursorAsync(journal.Merchant, journal.Device, journal.Epoch, CancellationToken.None)).ShouldNotBeNull();
}
