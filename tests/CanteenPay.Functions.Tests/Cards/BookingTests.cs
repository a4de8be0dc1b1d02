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
    public async Task A_doubled_batch_is_booked_once_and_answered_twice()
    {
        var account = await BookedAsync(100_00, 12_50);

        await _world.CardsSayAsync(_journal.Batch());

        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(87_50));
        _world.ToldOfCards().OfType<CardEntriesAck>().Select(ack => ack.Through).ShouldBe([1L, 1L]);
        _world.ToldOfCards().OfType<CardEntriesAck>().ShouldAllBe(ack => ack.HeldThrough == null && !ack.Restart);
        (await _world.ParkedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_that_overtook_the_one_before_it_waits_for_it()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        for (var tap = 0; tap < 6; tap++)
            _journal.Tap(account, 1_00);

        await _world.CardsSayAsync(_journal.Batch(4, 6));
        _world.LastAck().Through.ShouldBe(0, "the entries before it were dropped, or are on their way");
        await _world.CardsSayAsync(_journal.Batch(1, 3));
        await _world.CardsSayAsync(_journal.Batch(4, 6));

        _world.LastAck().Through.ShouldBe(6);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(94_00));
        (await _world.ParkedAsync()).ShouldBeEmpty("nothing contradicts anything");
    }

    [Fact]
    public async Task A_batch_that_overlaps_what_is_booked_is_answered_with_the_cursor_from_which_the_machine_goes_on()
    {
        var account = await BookedAsync(100_00, 1_00, 1_00, 1_00);
        _journal.Tap(account, 2_00);

        await _world.CardsSayAsync(_journal.Batch(2, 4));
        _world.LastAck().ShouldSatisfyAllConditions(ack => ack.Through.ShouldBe(3), ack => ack.Hash.ShouldBe(_journal.HashAt(3)), ack => ack.HeldThrough.ShouldBeNull());
        await _world.CardsSayAsync(_journal.Batch(4));

        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(95_00));
    }

    [Fact]
    public async Task A_late_copy_of_an_early_batch_changes_nothing_and_costs_one_read_of_the_ledger()
    {
        var account = await BookedAsync(100_00, 1_00, 1_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch(3));
        var reads = 0;
        _world.Tables.BeforeOperation = operation => Task.FromResult(operation.StartsWith("CardEntries.", StringComparison.Ordinal) ? reads++ : 0);

        await _world.CardsSayAsync(_journal.Batch(1, 2));

        reads.ShouldBe(1);
        _world.LastAck().Through.ShouldBe(3);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(97_00));
    }

    [Fact]
    public async Task Machines_that_book_one_account_at_once_are_all_booked()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        var other = new Journal(World.OtherMachine);
        for (var tap = 0; tap < 5; tap++)
        {
            _journal.Tap(account, 1_00);
            other.Tap(account, 10_00);
        }

        // The other machine's batch is booked between this one's read and its transaction.
        var between = false;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (operation.StartsWith("Cards.Transaction", StringComparison.Ordinal) && !between)
            {
                between = true;
                await _world.CardsSayAsync(other.Batch(), World.OtherMachine);
            }
        };
        await _world.CardsSayAsync(_journal.Batch());

        between.ShouldBeTrue();
        _world.Failures.ShouldBeEmpty();
        var booked = await _world.AccountAsync(account.AccountId);
        booked.Balance.ShouldBe(new Fen(45_00));
        booked.Applied.ShouldBe(new Dictionary<string, long> { [other.Key] = 5, [_journal.Key] = 5 }, ignoreOrder: true);
        booked.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Others_that_never_stop_writing_an_account_let_the_message_come_again_and_not_for_ever()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        _journal.Tap(account, 1_00);
        var busy = true;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (busy && operation.StartsWith("Cards.Transaction", StringComparison.Ordinal))
            {
                busy = false;
                await _world.PutAsync(await _world.AccountAsync(account.AccountId));
                busy = true;
            }
        };

        await _world.CardsSayAsync(_journal.Batch());
        _world.Failures.Count.ShouldBe(10);
        _world.Failures[0].Message.ShouldContain("Others kept writing");
        busy = false;
        await _world.CardsSayAsync(_journal.Batch());

        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(99_00));
    }

    [Fact]
    public async Task Ninety_entries_of_ninety_accounts_and_as_many_reversed_taps_are_booked_in_parts_that_fit_a_transaction()
    {
        var taps = new List<CardEntry>();
        for (var number = 0; number < 60; number++)
            taps.Add(_journal.Tap(await _world.OpenAccountAsync($"ACC{number:D5}", 100_00, $"0A0B{number:D4}"), 1_00));
        await _world.CardsSayAsync(_journal.Batch(1, 60));
        _world.LastAck().Through.ShouldBe(60, "sixty accounts fit");
        foreach (var tap in taps)
            _journal.Reverse(tap);

        await _world.CardsSayAsync(_journal.Batch(61));

        _world.LastAck().Through.ShouldBe(60 + 48, "48 accounts, 48 reversed taps, the cursor and the change");
        await _world.CardsSayAsync(_journal.Batch(_world.LastAck().Through + 1));
        _world.LastAck().Through.ShouldBe(120);
        foreach (var tap in taps)
            (await _world.AccountAsync(tap.AccountId)).Balance.ShouldBe(new Fen(100_00));
        _world.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_of_ninety_costs_at_most_four_writes_and_a_read_of_each_account()
    {
        for (var number = 0; number < 90; number++)
            _journal.Tap(await _world.OpenAccountAsync($"ACC{number:D5}", 100_00, $"0A0B{number:D4}"), 1_00);
        await _world.CardsSayAsync(_journal.Pull());
        var operations = new List<string>();
        _world.Tables.AfterOperation = operation =>
        {
            operations.Add(operation);
            return Task.CompletedTask;
        };

        await _world.CardsSayAsync(_journal.Batch());

        _world.LastAck().Through.ShouldBe(90);
        var reads = operations.Where(operation => operation.Contains(".Get ", StringComparison.Ordinal)).ToList();
        operations.Count(operation => !reads.Contains(operation)).ShouldBeLessThanOrEqualTo(4, string.Join('\n', operations.Except(reads)));
        reads.Count(read => read.Contains("/account-", StringComparison.Ordinal)).ShouldBe(90);
        reads.Count.ShouldBeLessThanOrEqualTo(90 + 4 + 3, "and the cursor, twice, the machine and the rules, which are remembered, and the days before a journal's first entry");
    }

    [Fact]
    public async Task An_entry_counts_to_the_day_that_its_machine_gave_it_however_late_it_comes()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 100_00);
        var day = BusinessDay.Of(World.Noon);
        _journal.Tap(account, 1_00);
        await _world.PassAsync(TimeSpan.FromDays(20));

        await _world.CardsSayAsync(_journal.Batch());

        (await _world.LedgerAsync(day)).ShouldHaveSingleItem().Entry.PostingDay.ShouldBe(day);
        (await _world.LedgerAsync(day.AddDays(20))).ShouldBeEmpty();
        (await _world.AccountAsync(account.AccountId)).Counters.ShouldNotBeNull().Day.ShouldBe(day);
    }

    [Fact]
    public async Task A_copy_of_a_batch_that_is_handled_at_once_leaves_the_flags_of_what_was_booked_as_they_are()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 6_00);
        var between = false;
        _world.Tables.BeforeOperation = async operation =>
        {
            // The copy is booked after this one has read the cursor, and before it reads the account.
            if (!between && operation.Contains("/account-", StringComparison.Ordinal))
            {
                between = true;
                await _world.CardsSayAsync(_journal.Batch());
            }
        };

        await _world.CardsSayAsync(_journal.Batch());

        between.ShouldBeTrue();
        (await _world.LedgerAsync()).ShouldHaveSingleItem().Entry.Flags.ShouldBe(EntryFlags.None, "not as if it were spent twice");
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(4_00));
    }

    [Theory]
    [InlineData("entries")]
    [InlineData("items")]
    public async Task A_batch_with_null_in_a_list_is_kept_at_once_and_not_delivered_again(string list)
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 1_00, entry => entry with { Items = [new(1, 1, new Fen(1_00))] });
        var message = System.Text.Json.Nodes.JsonNode.Parse(DeviceMessageJson.Write(_journal.Batch()))!;
        if (list == "entries")
            message["entries"]![0] = null;
        else
            message["entries"]![0]!["items"]![0] = null;

        await _world.CardBytesAsync(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()));

        _world.Failures.ShouldBeEmpty();
        (await _world.ParkedAsync()).ShouldHaveSingleItem();
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

    private async Task<CardAccount> BookedAsync(long cashFen, params long[] taps)
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", cashFen);
        foreach (var fen in taps)
            _journal.Tap(account, fen);
        await _world.CardsSayAsync(_journal.Batch());
        _world.LastAck().Through.ShouldBe(taps.Length);
        return account;
    }
}
