using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>A machine that is not ours any more takes what its debits may take, and no more: it makes no money, and stops no other machine.</summary>
public sealed class HostileMachineTests : IDisposable
{
    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    public static TheoryData<string> NotTheTap =>
        new() { "no tap at all", "more money", "another account", "another lot", "another day", "another meal", "another part", "itself a reversal" };

    [Theory]
    [MemberData(nameof(NotTheTap))]
    public async Task A_reversal_that_gives_back_what_no_tap_of_the_machine_took_parks_its_journal(string what)
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        var friend = await _world.OpenAccountAsync("ACC0VNT2", 10_00, "0A0B0C0E");
        var tap = _journal.Tap(account, 4_00);
        await _world.CardsSayAsync(_journal.Batch());
        if (what == "itself a reversal")
        {
            tap = _journal.Reverse(tap);
            await _world.CardsSayAsync(_journal.Batch(2));
        }

        var booked = _journal.LastSeq;
        var before = await _world.AccountAsync(account.AccountId);
        _journal.Reverse(tap, entry => what switch
        {
            "no tap at all" => entry with { Reverses = TapId.New(Crockford.Random) },
            "more money" => entry with { Amount = Fen.MaxKeyed },
            "another account" => entry with { AccountId = friend.AccountId },
            "another lot" => entry with { Purse = Purse.Subsidy, Lot = "grant-0001" },
            "another day" => entry with { PostingDay = entry.PostingDay.AddDays(-1) },
            "another meal" => entry with { MealPeriod = Meal.Dinner },
            "another part" => entry with { Part = 1 },
            _ => entry,
        });

        await _world.CardsSayAsync(_journal.Batch(booked + 1));

        _world.Failures.ShouldBeEmpty();
        _world.LastAck().Through.ShouldBe(booked);
        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("reverses part");
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(before.Balance);
        (await _world.AccountAsync(friend.AccountId)).Balance.ShouldBe(new Fen(10_00));
    }

    [Fact]
    public async Task A_tap_of_another_machine_is_not_taken_back()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        var other = new Journal(World.OtherMachine);
        var tap = other.Tap(account, 4_00);
        await _world.CardsSayAsync(other.Batch(), World.OtherMachine);
        _journal.Reverse(tap, entry => entry with { Seq = 1 });

        await _world.CardsSayAsync(_journal.Batch());

        (await CursorAsync(_journal)).Parked.ShouldNotBeNull();
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(6_00));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_part_of_a_reversal_gives_once_however_often_it_is_said(bool inOneBatch)
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        var tap = _journal.Tap(account, 4_00);
        var reversal = _journal.Reverse(tap);
        if (!inOneBatch)
            await _world.CardsSayAsync(_journal.Batch());
        _journal.Append(reversal with { Seq = 3 });

        await _world.CardsSayAsync(_journal.Batch(inOneBatch ? 1 : 3));

        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("out of turn");
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(10_00));
    }

    [Fact]
    public async Task A_reversal_in_a_new_journal_finds_its_tap_in_the_one_before()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        CardEntry? tap = null;
        for (var count = 0; count < 40; count++)
            tap = _journal.Tap(account, 10);
        await _world.CardsSayAsync(_journal.Batch());
        var next = new Journal(epoch: "EP0CH002");
        next.Reverse(tap!, entry => entry with { Seq = 1 });

        await _world.CardsSayAsync(next.Batch());

        (await CursorAsync(next)).ShouldSatisfyAllConditions(row => row.Parked.ShouldBeNull(), row => row.Through.ShouldBe(1));
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(6_10));
    }

    [Fact]
    public async Task A_reversal_that_overtook_its_tap_in_the_machines_other_journal_waits_for_it_and_is_not_parked()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var tap = _journal.Tap(account, 4_00);
        var next = new Journal(epoch: "EP0CH002");
        next.Tap(account, 2_00);
        next.Reverse(tap, entry => entry with { Seq = 2 });

        await _world.CardsSayAsync(next.Batch());
        (await CursorAsync(next)).ShouldSatisfyAllConditions(row => row.Parked.ShouldBeNull(), row => row.Through.ShouldBe(1, "what comes before it is booked"));
        await _world.CardsSayAsync(next.Batch(2));
        await _world.CardsSayAsync(next.Batch(2));
        (await CursorAsync(next)).WaitsSince.ShouldBe(World.Noon);
        await _world.CardsSayAsync(_journal.Batch(2));
        await _world.CardsSayAsync(next.Batch(2));

        (await CursorAsync(next)).ShouldSatisfyAllConditions(row => row.Through.ShouldBe(2), row => row.WaitsSince.ShouldBeNull(), row => row.Parked.ShouldBeNull());
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(7_00));
    }

    [Fact]
    public async Task A_reversal_waits_no_longer_once_the_machine_says_that_its_other_journals_are_whole()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        var tap = _journal.Tap(account, 1_00);
        await _world.CardsSayAsync(_journal.Batch());
        var next = new Journal(epoch: "EP0CH002");
        next.Reverse(tap, entry => entry with { Seq = 1, Reverses = TapId.New(Crockford.Random) });
        await _world.MachineKnowsAsync(1, next, _journal);

        await _world.CardsSayAsync(next.Batch());
        (await CursorAsync(next)).Parked.ShouldBeNull("the machine said that before");
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        await _world.MachineKnowsAsync(1, next, _journal);
        await _world.CardsSayAsync(next.Batch(sentAt: _world.Clock.GetUtcNow()));

        (await CursorAsync(next)).Parked.ShouldNotBeNull().ShouldContain("never made");
    }

    [Fact]
    public async Task A_reversal_that_was_booked_again_before_its_tap_is_booked_with_it()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        var elsewhere = new Journal(epoch: "EP0CH002");
        var tap = elsewhere.Tap(account, 4_00);
        _journal.Reverse(tap, entry => entry with { Seq = 1 });
        _journal.Append(tap with { Seq = 2 });

        await _world.CardsSayAsync(_journal.Batch());

        _world.LastAck().Through.ShouldBe(2);
        (await _world.AccountAsync(account.AccountId)).Balance.ShouldBe(new Fen(10_00));
    }

    [Fact]
    public async Task Lots_without_end_are_not_begun_and_other_machines_go_on()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        for (var lot = 0; lot < 60; lot++)
            _journal.Tap(account, 1, entry => entry with { Purse = Purse.Subsidy, Lot = $"lot-{lot:D2}-{new string('x', 57)}" });
        await _world.CardsSayAsync(_journal.Batch(1, 40));
        await _world.CardsSayAsync(_journal.Batch(41));

        _world.LastAck().Through.ShouldBe(40);
        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("room for 48");
        var other = new Journal(World.OtherMachine);
        other.Tap(account, 1_00);
        await _world.CardsSayAsync(other.Batch(), World.OtherMachine);
        _world.LastAck(World.OtherMachine).Through.ShouldBe(1);
        _world.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task Journals_of_one_machine_do_not_use_up_the_room_of_others()
    {
        var applied = Enumerable.Range(0, 64).ToDictionary(number => CardAccount.JournalKey(World.Machine, Epoch.Parse($"EP0{number:D5}")), _ => 1L);
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00, with: account => account with { Applied = applied });
        _journal.Tap(account, 1_00);
        var other = new Journal(World.OtherMachine);
        other.Tap(account, 1_00);

        await _world.CardsSayAsync(_journal.Batch());
        await _world.CardsSayAsync(other.Batch(), World.OtherMachine);

        (await CursorAsync(_journal)).Parked.ShouldNotBeNull().ShouldContain("64 of one machine");
        _world.LastAck(World.OtherMachine).Through.ShouldBe(1);
    }

    [Fact]
    public async Task A_machine_begins_forty_eight_journals_a_day_and_no_more()
    {
        for (var number = 0; number < 50; number++)
            await _world.CardsSayAsync(new Journal(epoch: $"EP0{number:D5}").Pull());

        (await _world.Cards.CursorsAsync(World.Merchant, CancellationToken.None).CountAsync()).ShouldBe(48);
        (await _world.ParkedAsync()).ShouldAllBe(item => item.Reason.Contains("began 48 journals"));
        await _world.PassAsync(TimeSpan.FromDays(1));
        await _world.CardsSayAsync(new Journal(epoch: "EP0CH002").Pull());
        (await _world.Cards.CursorsAsync(World.Merchant, CancellationToken.None).CountAsync()).ShouldBe(49);
    }

    [Fact]
    public async Task A_machine_whose_clock_is_days_ahead_does_not_take_an_accounts_limits_away()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00);
        _journal.Tap(account, 1_00);
        var ahead = _journal.Tap(account, 2_00, entry => entry with { PostingDay = entry.PostingDay.AddDays(2) });
        _journal.Reverse(ahead);
        _journal.Tap(account, 1_00);

        await _world.CardsSayAsync(_journal.Batch());

        var counters = (await _world.AccountAsync(account.AccountId)).Counters.ShouldNotBeNull();
        (counters.Day, counters.At(Meal.Lunch)).ShouldBe((BusinessDay.Of(World.Noon), new Spent(new Fen(2_00), 2)));
    }

    [Fact]
    public async Task Counters_of_a_day_far_ahead_are_begun_anew()
    {
        var account = await _world.OpenAccountAsync("ACC0VNT1", 10_00, with: account => account with
        {
            Counters = new(new(2199, 1, 1), new Dictionary<Meal, Spent> { [Meal.Lunch] = new(new Fen(9_99), 9) }),
        });
        _journal.Tap(account, 1_00);

        await _world.CardsSayAsync(_journal.Batch());

        var counters = (await _world.AccountAsync(account.AccountId)).Counters.ShouldNotBeNull();
        (counters.Day, counters.Total).ShouldBe((BusinessDay.Of(World.Noon), new Spent(new Fen(1_00), 1)));
    }

    [Fact]
    public async Task No_line_of_the_log_over_booking_parking_and_operations_holds_a_card_number_in_full()
    {
        string[] numbers = ["04C0FFEE01", "04C0FFEE02", "04C0FFEE03"];
        var account = await _world.HolderAsync(cardNo: numbers[0]);
        var tap = _journal.Tap(account, 1_00);
        _journal.Reverse(tap);
        await _world.CardsSayAsync(_journal.Batch());
        await _world.OfficeAsync("lost-0001", new ReportLost(account.Cards[0].No), account.AccountId);
        await _world.OfficeAsync("replace-0001", new ReplaceCard(account.Cards[0].No, CardNo.Parse(numbers[1])), account.AccountId);
        await _world.OfficeAsync("open-taken", new OpenAccount(CardNo.Parse(numbers[1]), "staff"));
        await _world.OfficeAsync("open-0003", new OpenAccount(CardNo.Parse(numbers[2]), "nobody"));
        var restored = _journal.ImageAt(1);
        restored.Tap(account, 2_00);
        await _world.CardsSayAsync(restored.Batch(2));
        _journal.Tap(account, 1_00, entry => entry with { Amount = new Fen(-1) });
        await _world.CardsSayAsync(_journal.Batch(3));
        await _world.CardsSayAsync(_journal.Pull());
        await _world.CardBytesAsync(DeviceMessageJson.Write(restored.Batch(2))[..^9]);
        await _world.PassAsync(TimeSpan.FromMinutes(20));
        await _world.SweepAsync();
        await _world.ClosedLoopAsync();

        _world.Log.ShouldContain(line => line.Contains("is parked", StringComparison.Ordinal));
        _world.Log.ShouldContain(line => line.Contains("booked 1 to 2", StringComparison.Ordinal));
        _world.Log.ShouldContain(line => line.Contains("contradicts", StringComparison.Ordinal));
        _world.Log.ShouldNotContain(line => numbers.Any(number => line.Contains(number, StringComparison.OrdinalIgnoreCase)));
        (await _world.ParkedAsync()).ShouldNotContain(item => numbers.Any(number => item.Reason.Contains(number, StringComparison.OrdinalIgnoreCase)));
    }

    private async Task<CursorRow> CursorAsync(Journal journal) =>
        (await _world.Cards.CursorAsync(journal.Merchant, journal.Device, journal.Epoch, CancellationToken.None)).ShouldNotBeNull();
}
