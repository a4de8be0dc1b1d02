using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

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
}
