using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>What a machine remembers of taps and accounts, on a real file, over restarts.</summary>
public sealed class Card_store : IDisposable
{
    private readonly CardRig rig = new();

    public void Dispose() => rig.Dispose();

    private Fen? Balance(int number) => rig.Store.View(Samples.AccountNo(number))?.Balance;

    private void ShouldBeWhole(params IEnumerable<Tap> taps)
    {
        var hash = rig.Tables.Journals.HashAt(rig.Journal, 0)!.Value;
        foreach (var (entry, seq) in rig.Entries.Select((entry, index) => (entry, index + 1)))
        {
            entry.Seq.ShouldBe(seq);
            hash = hash.Then(entry);
            rig.Tables.Journals.HashAt(rig.Journal, seq).ShouldBe(hash);
        }

        rig.Entries.Select(entry => entry.TapId).Distinct().ShouldBe(taps.Select(tap => tap.Id));
    }

    [Fact]
    public void A_tap_is_one_entry_for_each_lot_numbered_on_and_hashed_on_and_a_restart_changes_nothing()
    {
        rig.Sync(Samples.Account(1, 100_00, Samples.Subsidy("a", 500)), Samples.Account(2));
        List<Tap> taps = [rig.Store.TapCard(1)!, rig.Store.TapCard(2)!];
        rig.Reopen();
        rig.Pass(4);
        taps.Add(rig.Store.TapCard(1)!);

        rig.Entries.Select(entry => (entry.Seq, entry.Part, entry.Lot, entry.Amount.Value, entry.BalanceAfter.Value)).ShouldBe(
            [(1, 0, "a", 500, 0), (2, 1, "cash", 750, 92_50), (3, 0, "cash", 1250, 87_50), (4, 0, "cash", 1250, 80_00)]);
        ShouldBeWhole(taps);
        rig.Store.Newest(9).Select(tap => (tap.Id, tap.Amount)).ShouldBe(Enumerable.Reverse(taps).Select(tap => (tap.Id, tap.Amount)));
        rig.Reopen();
        rig.Store.Last().ShouldNotBeNull().ShouldSatisfyAllConditions(
            last => last.Id.ShouldBe(taps[2].Id), last => last.Holder.ShouldBe("王1"), last => last.Left.ShouldBe(taps[2].Left), last => last.At.ShouldBe(taps[2].At));
        (Balance(1), Balance(2)).ShouldBe((new Fen(80_00), new Fen(87_50)));
    }

    [Fact]
    public void What_the_cloud_has_booked_is_not_taken_off_twice_whichever_comes_first()
    {
        rig.Sync(Samples.Account(1));
        rig.Store.TapCard(1);
        rig.Pass(4);
        rig.Store.TapCard(1);
        Balance(1).ShouldBe(new Fen(75_00));

        rig.Tell(Samples.Account(1, 87_50) with { Version = 2, Applied = new Dictionary<string, long> { [CardAccount.JournalKey(TillRig.Device, rig.Journal.Epoch)] = 1 } });

        Balance(1).ShouldBe(new Fen(75_00));
        rig.Store.Look(Samples.CardNoOf(1)).Unbooked.ShouldBe(new Fen(1250));
        rig.Tell(Samples.Account(1));
        Balance(1).ShouldBe(new Fen(75_00), "an older version is passed over");
        rig.Ack(2);
        Balance(1).ShouldBe(new Fen(75_00), "acknowledged, but not yet inside of the account as it is here");
        rig.Store.Standing().Unsent.ShouldBe(0);
    }

    [Fact]
    public void The_same_card_is_debited_once_in_3_seconds_whatever_the_clocks_do_and_over_a_restart()
    {
        rig.Sync(Samples.Account(1));
        var tap = rig.Store.TapCard(1).ShouldNotBeNull();

        rig.Clock.Learn(rig.Time.GetUtcNow().AddMinutes(10), rig.Clock.Steady, rig.Clock.Steady);
        rig.Decide(1).ShouldBeOfType<TapRepeated>().Tap.ShouldBe(tap, "the cloud's time jumped, three seconds are not over");
        rig.Reopen();
        rig.Pass(2.9);
        rig.Decide(1).ShouldBeOfType<TapRepeated>().Tap.Id.ShouldBe(tap.Id);
        rig.Pass(0.2);
        rig.Decide(1).ShouldBeOfType<TapApproved>();
    }

    [Fact]
    public void A_machine_that_comes_back_with_its_clock_behind_does_not_take_a_card_for_repeated_for_an_hour()
    {
        rig.Sync(Samples.Account(1));
        var tap = rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Time.WallClockJump = TimeSpan.FromHours(-1);
        rig.Reopen();
        rig.Pass(4);

        rig.Store.Now.ShouldBe(tap.At, "the time of taps does not go back");
        rig.Decide(1).ShouldBeOfType<TapApproved>();
    }

    [Fact]
    public void A_time_that_no_cloud_had_corrected_gives_way_to_the_cloud_s()
    {
        rig.Time.WallClockJump = TimeSpan.FromHours(40);
        rig.Reopen();
        rig.Tables.Clock.Keep();
        rig.Store.Now.ShouldBe(TillRig.Noon.AddHours(40));

        rig.Clock.Learn(TillRig.Noon, rig.Clock.Steady, rig.Clock.Steady);

        rig.Store.Now.ShouldBe(TillRig.Noon);
    }

    [Fact]
    public void No_card_pays_on_a_machine_that_did_not_hear_the_cloud_for_too_long_however_it_is_switched_off_and_its_clock_set()
    {
        rig.Sync(Samples.Rules with { Unbooked = new() { OfflineMinutes = 60 } }, Samples.Account(1), Samples.Account(2));
        TapRefusal? Stop() => rig.Store.Standing().Stop;
        void RunsFor(int minutes)
        {
            rig.Pass(minutes * 60);
            rig.Tables.Clock.Keep();
        }

        RunsFor(25);
        rig.Time.WallClockJump -= TimeSpan.FromDays(2);
        rig.Reopen();
        RunsFor(25);
        Stop().ShouldBeNull("50 minutes: setting the clock back wins nothing and costs nothing");
        rig.Close();
        rig.Pass(11 * 60);
        rig.Reopen();
        Stop().ShouldBe(TapRefusal.OfflineTooLong, "61 minutes: what it was switched off for counts");
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.OfflineTooLong));

        rig.Clock.Learn(rig.Time.GetUtcNow(), rig.Clock.Steady, rig.Clock.Steady);
        rig.Tables.Clock.Heard().ShouldBeTrue("worth storing");
        Stop().ShouldBeNull();
        rig.Tables.Clock.Keep();
        rig.Reopen();
        Stop().ShouldBeNull();
    }

    [Fact]
    public void No_card_pays_before_the_cloud_has_ever_told_its_time_and_until_it_has_in_this_run_it_does_not_count_as_heard()
    {
        rig.Tables.Settings.Take(new() { Version = 1, MerchantId = TillRig.Merchant, Cards = Samples.Rules });
        rig.Pull.Take(new CardsPart { MerchantId = TillRig.Merchant, FromVersion = 0, Version = 1, Accounts = [Samples.Account(1)], More = false });
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.ClockUnknown));
        void HeardAfterAMinute()
        {
            rig.Pass(60);
            if (rig.Tables.Clock.Heard())
                rig.Tables.Clock.Keep();
        }

        HeardAfterAMinute();
        rig.Tables.Clock.Unheard.ShouldBe(TimeSpan.FromMinutes(1));
        rig.Clock.Learn(rig.Time.GetUtcNow(), rig.Clock.Steady, rig.Clock.Steady);
        HeardAfterAMinute();
        rig.Tables.Clock.Unheard.ShouldBe(TimeSpan.Zero);
        rig.Decide(1).ShouldBeOfType<TapApproved>();
        rig.Reopen();
        rig.Tables.Clock.Keep();
        rig.Reopen();
        rig.Decide(1).ShouldBeOfType<TapApproved>("a machine goes on without a link");
        HeardAfterAMinute();
        rig.Tables.Clock.Unheard.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(60_000, true)]
    public void Counters_of_a_machine_whose_clock_was_far_ahead_bar_no_card_and_hide_no_limit(int daysAhead, bool pays)
    {
        var staff = Samples.Rules.CardTypes[0] with { Limits = new() { MealTaps = 1 } };
        var ahead = new SpendCounters(Samples.Today.AddDays(daysAhead), new Dictionary<Meal, Spent> { [Meal.Lunch] = new(new(1500), 1) });
        rig.Sync(Samples.Rules with { CardTypes = [staff] }, Samples.Account(1) with { Counters = ahead });

        (rig.Store.TapCard(1) is not null).ShouldBe(pays);

        rig.Pass(4);
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.OverCountLimit, new Fen(pays ? 87_50 : 100_00)));
    }

    [Fact]
    public void A_tap_that_was_decided_before_the_cloud_changed_its_account_is_not_stored()
    {
        rig.Sync(Samples.Account(1));
        var decided = rig.Decide(1).ShouldBeOfType<TapApproved>().Tap;

        rig.Tell(Samples.Account(1) with { Version = 2, State = AccountState.Closing });

        Should.Throw<TapOvertakenException>(() => rig.Store.Append(decided));
        rig.Entries.ShouldBeEmpty();
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.CancelledCard), "decided anew");
    }

    [Fact]
    public void Every_card_that_was_debited_within_3_seconds_is_remembered_also_over_a_restart_unless_it_was_taken_back()
    {
        rig.Sync(Enumerable.Range(1, 3).Select(number => Samples.Account(number)));
        var first = rig.Store.TapCard(1).ShouldNotBeNull();
        var taken = rig.Store.TapCard(2).ShouldNotBeNull();
        rig.Store.Append(TapRules.Undo(taken, TapId.New(Crockford.Random), rig.Store.Now, rig.Store.View(taken.AccountId), offline: false).Reversal!);
        rig.Store.TapCard(3).ShouldNotBeNull();

        void ShouldRemember()
        {
            rig.Decide(1).ShouldBeOfType<TapRepeated>().Tap.Id.ShouldBe(first.Id);
            rig.Decide(2).ShouldBeOfType<TapApproved>();
            rig.Decide(3).ShouldBeOfType<TapRepeated>();
        }

        rig.Pass(2.9);
        ShouldRemember();
        rig.Reopen();
        ShouldRemember();
        rig.Pass(0.2);
        rig.Decide(1).ShouldBeOfType<TapApproved>();
    }

    [Fact]
    public void A_tap_that_took_two_dozen_lots_is_known_after_a_restart()
    {
        rig.Sync(Samples.Account(1, 100, Enumerable.Range(1, 23).Select(lot => Samples.Subsidy($"grant-{lot:D2}", 100))), Samples.Account(2));
        rig.Store.TapCard(2).ShouldNotBeNull();
        var tap = rig.Store.TapCard(1, keyed: 2400).ShouldNotBeNull();
        tap.Parts.Count.ShouldBe(24);

        rig.Reopen();

        rig.Store.Last().ShouldNotBeNull().Parts.ShouldBe(tap.Parts);
        rig.Decide(1).ShouldBeOfType<TapRepeated>();
    }

    [Fact]
    public void A_second_machine_refuses_what_the_first_has_taken_as_soon_as_the_feed_tells_of_it()
    {
        var rules = Samples.Rules with { CardTypes = [Samples.Rules.CardTypes[0] with { Limits = new() { MealTaps = 1 } }] };
        using var second = new CardRig().Sync(rules, Samples.Account(1));
        rig.Sync(rules, Samples.Account(1)).Store.TapCard(1).ShouldNotBeNull();
        second.Decide(1).ShouldBeOfType<TapApproved>("it does not know yet");

        var batch = rig.Upload.Due().ShouldHaveSingleItem();
        var booked = batch.Entries.Aggregate(Samples.Account(1), AccountView.Apply) with
        {
            Version = 2,
            Applied = new Dictionary<string, long> { [CardAccount.JournalKey(TillRig.Device, batch.Epoch)] = batch.Entries[^1].Seq },
        };
        second.Tell(booked);

        second.Decide(1).ShouldBe(new TapRefused(TapRefusal.OverCountLimit, new Fen(87_50)));
    }

    [Fact]
    public void What_an_account_may_spend_here_before_the_cloud_has_booked_it_is_capped_and_a_reversal_gives_it_back()
    {
        rig.Sync(Samples.Rules with { Unbooked = new() { PerAccount = new(2500) } }, Samples.Account(1));
        rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Pass(4);
        rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Pass(4);
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.OverUnbookedCap, new Fen(75_00)));

        var reversal = TapRules.Undo(rig.Store.Last(), TapId.New(Crockford.Random), rig.Store.Now, rig.Store.View(Samples.AccountNo(1)), offline: false).Reversal!;
        rig.Store.Append(reversal);

        (Balance(1), rig.Store.Look(Samples.CardNoOf(1)).Unbooked).ShouldBe((new Fen(87_50), new Fen(1250)));
        rig.Store.Last()!.Reverses.ShouldBe(reversal.Reverses);
        rig.Store.TapCard(1).ShouldNotBeNull("a new tap, at once");
    }

    [Fact]
    public void Before_the_first_snapshot_is_complete_nothing_is_approved_and_nothing_can_be_stored()
    {
        var tap = rig.Sync(Samples.Account(1)).Store.TapCard(1)!;
        using var fresh = new CardRig();
        fresh.Store.Standing().Stop.ShouldBe(TapRefusal.NotOffered);
        fresh.Tables.Settings.Take(new() { Version = 1, MerchantId = TillRig.Merchant, Cards = Samples.Rules });
        fresh.Pull.Take(new CardsPart { MerchantId = TillRig.Merchant, FromVersion = 0, Version = 5, Accounts = [Samples.Account(1) with { AccountId = AccountId.Parse("G0000000") }], More = true });

        fresh.Store.Standing().ShouldBe(new(TapRefusal.NotSynced, 0, null, 50));
        Should.Throw<InvalidOperationException>(() => fresh.Store.Append(tap));
        fresh.Reopen();
        fresh.Store.Standing().ShouldBe(new(TapRefusal.NotSynced, 0, null, 50), "a restart goes on where it was");
        fresh.Pull.Due().ShouldNotBeNull().ShouldSatisfyAllConditions(
            pull => pull.AfterAccountId.ShouldBe(AccountId.Parse("G0000000")), pull => pull.AtVersion.ShouldBe(5), pull => pull.HaveVersion.ShouldBe(0));
    }

    [Fact]
    public void A_pull_that_brought_nothing_new_is_not_repeated_at_once()
    {
        rig.Sync(Samples.Account(1)).Pull.Told(9);
        rig.Pull.Due().ShouldNotBeNull().HaveVersion.ShouldBe(1);

        rig.Pull.Take(new CardsPart { MerchantId = TillRig.Merchant, FromVersion = 1, Version = 1, Delta = true, Accounts = [], More = false }).ShouldBeTrue();

        rig.Pull.Due().ShouldBeNull("the version was another merchant's, say: machine and cloud would ask and answer without end");
        rig.Pull.Next().ShouldNotBeNull();
        rig.Pull.Told(10);
        rig.Pull.Due().ShouldNotBeNull("news is asked for at once");
    }

    [Fact]
    public void A_card_that_was_given_to_another_account_is_that_one_s_in_whatever_order_the_two_come()
    {
        var old = Samples.Account(1) with { Version = 2, Cards = [new(Samples.CardNoOf(1), CardState.Cancelled)] };
        var other = Samples.Account(2) with { Cards = [new(Samples.CardNoOf(1), CardState.Active)] };

        rig.Sync(Samples.Account(1), other);
        rig.Tell(old);
        rig.Store.Look(Samples.CardNoOf(1)).Account!.AccountId.ShouldBe(other.AccountId);

        rig.Tell(other with { Version = 2, Cards = [] });
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.UnknownCard));
    }

    [Fact]
    public void A_machine_that_is_moved_begins_anew_and_what_it_owes_the_merchant_before_waits_to_be_sent()
    {
        rig.Sync(Samples.Account(1));
        rig.Store.TapCard(1);
        var before = rig.Journal.Epoch;

        rig.Merchant = MerchantId.Parse("0THERMER");
        rig.Reopen();

        rig.Journal.Epoch.ShouldNotBe(before);
        rig.Store.Standing().ShouldBe(new(TapRefusal.NotOffered, 1, TillRig.Noon, null));
        rig.Store.Last().ShouldBeNull("another merchant's tap is taken back by nobody here");
        var batch = rig.Upload.Due().ShouldHaveSingleItem();
        (batch.MerchantId, batch.Epoch, batch.First).ShouldBe((TillRig.Merchant, before, 1));
        CardReport.Of(rig.Tables).Journals.ShouldBe([new(rig.Journal.Epoch, rig.Merchant, 0, 0), new(before, TillRig.Merchant, 1, 0)]);
        rig.Merchant = TillRig.Merchant;
        rig.Reopen();
        rig.Store.Standing().Stop.ShouldBe(TapRefusal.NotSynced, "moved back it begins anew, too");
        rig.Tables.Journals.All.Count.ShouldBe(3);
    }

    [Fact]
    public void A_store_that_is_full_takes_no_tap_until_the_cloud_has_taken_some()
    {
        using var small = new CardRig(unsentEntries: 2).Sync(Enumerable.Range(1, 3).Select(number => Samples.Account(number)));
        small.Store.TapCard(1).ShouldNotBeNull();
        small.Store.TapCard(2).ShouldNotBeNull();

        small.Decide(3).ShouldBe(new TapRefused(TapRefusal.StoreFull));

        small.Ack(1);
        small.Store.TapCard(3).ShouldNotBeNull();
    }

    [Fact]
    public void Taps_leave_room_for_payments_and_a_database_that_is_full_to_the_last_page_refuses_and_recovers()
    {
        const long Small = 240 * 1024;
        using var small = new CardRig(maxBytes: Small).Sync(Samples.Account(1, 9_999_999));
        List<Tap> taps = [];
        while (small.Store.Standing().Stop is null)
        {
            taps.Add(small.Store.TapCard(1, keyed: 1)!);
            small.Pass(4);
        }

        small.Store.Standing().Stop.ShouldBe(TapRefusal.StoreFull);
        small.Tables.TakesAccounts.ShouldBeFalse();
        // Payments take the rest.
        var full = Should.Throw<SqliteException>(() =>
        {
            for (var i = 0; i < 10_000; i++)
                small.Tables.Database.Run("INSERT INTO facts (name, value) VALUES ($name, $value)", ("$name", $"{i}"), ("$value", new string('x', 2000)));
        });
        full.SqliteErrorCode.ShouldBe(13, "SQLITE_FULL");
        Should.Throw<SqliteException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                small.Store.Append(taps[^1] with { Id = TapId.New(Crockford.Random) });
        });
        var stored = small.Entries.Count;

        small.Tables.Database.Run("DELETE FROM facts WHERE length(value) = 2000");
        small.MaxBytes = 2 * Small;
        small.Reopen();
        small.Damage.ShouldBeNull();
        small.Entries.Count.ShouldBe(stored);
        small.Tables.Settings.Rules.ShouldNotBeNull();
        small.Pass(4);
        small.Store.TapCard(1, keyed: 1).ShouldNotBeNull();
        small.Entries.Take(taps.Count).Select(entry => entry.TapId).ShouldBe(taps.Select(tap => tap.Id));
    }

    [SmallDiskFact]
    public void A_disk_that_is_full_refuses_taps_with_an_error_that_the_till_knows_and_afterwards_all_that_was_approved_is_there()
    {
        using var disk = new SmallDisk(megabytes: 2);
        using var small = new CardRig(disk.Path).Sync(Samples.Account(1, 9_999_999));
        List<Tap> taps = [small.Store.TapCard(1, keyed: 1)!];
        var filling = Path.Combine(disk.Path, "filling");
        SmallDisk.Fill(filling);
        var refused = 0;
        for (var tries = 0; tries < 1000 && refused < 5; tries++)
        {
            small.Pass(4);
            try
            {
                taps.Add(small.Store.TapCard(1, keyed: 1)!);
            }
            catch (SqliteException e)
            {
                DatabaseDamage.Is(e).ShouldBeFalse();
                refused++;
            }
        }

        refused.ShouldBe(5);
        small.Entries.Select(entry => entry.TapId).ShouldBe(taps.Select(tap => tap.Id), "what was refused is not there");
        small.Reopen();
        (small.Damage, small.Entries.Count).ShouldBe((null, taps.Count));
        File.Delete(filling);
        small.Pass(4);
        taps.Add(small.Store.TapCard(1, keyed: 1).ShouldNotBeNull());
        small.Reopen();
        small.Entries.Select(entry => (entry.TapId, entry.Seq)).ShouldBe(taps.Select((tap, index) => (tap.Id, index + 1L)));
    }

    [Fact]
    public void An_entry_is_forgotten_after_35_days_when_it_was_acknowledged_and_is_inside_of_its_account()
    {
        rig.Sync(Enumerable.Range(1, 4).Select(number => Samples.Account(number)));
        foreach (var number in (int[])[1, 2, 3, 4])
            rig.Store.TapCard(number);
        rig.Ack(3);
        var key = CardAccount.JournalKey(TillRig.Device, rig.Journal.Epoch);
        rig.Tell(Samples.Account(1) with { Version = 2, Applied = new Dictionary<string, long> { [key] = 1 } });
        rig.Tell(Samples.Account(3) with { Version = 2, Applied = new Dictionary<string, long> { [key] = 3 } });

        var forgetting = new Forgetting(rig.Tables);
        forgetting.Forget(TillRig.Noon.AddDays(35)).ShouldBe(0);
        forgetting.Forget(TillRig.Noon.AddDays(35).AddSeconds(1)).ShouldBe(1);

        rig.Entries.Select(entry => entry.Seq).ShouldBe([2, 3, 4], "2 is not inside, 3 is what the next hash builds on, 4 was not acknowledged");
        Balance(2).ShouldBe(new Fen(87_50));
        rig.Reopen();
        rig.Damage.ShouldBeNull();
        rig.Upload.Due().ShouldHaveSingleItem().First.ShouldBe(4);
    }
}
