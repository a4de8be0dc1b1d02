using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>Answers about a journal that differs from the cloud's: which of them prove where the two part, and what pays and is asked meanwhile.</summary>
public sealed class Answers_that_contradict
{
    private const int Cards = 130;

    [Fact]
    public void A_late_copy_of_an_answer_proves_nothing_and_one_that_names_another_question_neither()
    {
        using var rig = new CardRig().Sync(Enumerable.Range(1, Cards).Select(number => Samples.Account(number)));
        for (var number = 1; number <= Cards; number++)
            rig.Store.TapCard(number).ShouldNotBeNull();
        var (epoch, hash) = (rig.Journal.Epoch, EntryHash.Parse(new string('A', EntryHash.Length)));
        CardEntriesAck Answer(string? question, long held) => new()
        {
            MerchantId = TillRig.Merchant,
            Epoch = epoch,
            Through = 140,
            Hash = hash,
            InReplyTo = question,
            HeldThrough = held,
            HeldHash = rig.Tables.Journals.HashAt(rig.Journal, held),
        };
        var first = rig.Upload.Due().ShouldHaveSingleItem();
        var end = first.Entries[^1].Seq;

        rig.Upload.Answered(Answer("another", end - 5));
        rig.Upload.Answered(Answer(null, end) with { HeldHash = hash });
        (rig.Journal.Epoch, rig.Journal.Acked).ShouldBe((epoch, 0), "no question of ours, no hash of ours");
        rig.Upload.Answered(Answer(first.Id, end));
        rig.Journal.Acked.ShouldBe(end, "the cloud holds all of the message: where the two part is further on");
        rig.Upload.Due().ShouldHaveSingleItem().First.ShouldBe(end + 1);
        rig.Upload.Answered(Answer(first.Id, end));
        rig.Upload.Answered(Answer(null, end));
        rig.Journal.Epoch.ShouldBe(epoch, "a copy of the first answer");
        rig.Reopen();
        var again = rig.Upload.Due().ShouldHaveSingleItem();
        rig.Upload.Answered(Answer(first.Id, end));
        rig.Upload.Answered(Answer(null, end));
        rig.Journal.Epoch.ShouldBe(epoch, "also after a restart");
        rig.Upload.Answered(Answer(again.Id, end));

        rig.Journal.Epoch.ShouldNotBe(epoch);
        rig.Entries.ShouldBeEmpty("its own journal takes new taps only");
        var beside = rig.Tables.Journals.All.Single(journal => journal.Stage == JournalStage.Old);
        (beside.Last, beside.Epoch).ShouldBe((Cards - end, Epoch.Again(rig.Tables.Journals.HashAt(rig.Tables.Journals.All[^1], end + 1)!.Value)));
        rig.Store.Standing().ShouldBe(new(TapRefusal.NotSynced, (int)beside.Last, TillRig.Noon, 0));
        rig.Upload.Answered(Answer(again.Id, end));
        rig.Tables.Journals.All.Count.ShouldBe(3, "a finished journal is finished");
    }

    [Fact]
    public void What_a_merchant_that_the_machine_has_left_does_not_hold_is_booked_again_there_in_a_journal_that_takes_no_taps()
    {
        using var rig = new CardRig().Sync(Samples.Account(1), Samples.Account(2), Samples.Account(3));
        TapId[] taps = [.. Enumerable.Range(1, 3).Select(number => rig.Store.TapCard(number).ShouldNotBeNull().Id)];
        var left = rig.Journal;
        rig.Merchant = MerchantId.Parse("0THERMER");
        rig.Reopen();
        var current = rig.Journal.Epoch;
        var question = rig.Upload.Due().ShouldHaveSingleItem();

        rig.Upload.Answered(new()
        {
            MerchantId = TillRig.Merchant,
            Epoch = left.Epoch,
            Through = 40,
            Hash = Other,
            InReplyTo = question.Id,
            HeldThrough = 1,
            HeldHash = rig.Tables.Journals.HashAt(left, 1),
        });

        var again = rig.Upload.Due().ShouldHaveSingleItem();
        (again.MerchantId, again.First, again.PrevHash).ShouldBe((TillRig.Merchant, 1, EntryHash.Genesis(TillRig.Merchant, TillRig.Device, again.Epoch)));
        again.Epoch.ShouldNotBe(left.Epoch);
        again.Entries.Select(entry => entry.TapId).ShouldBe(taps.Skip(1));
        rig.Journal.Epoch.ShouldBe(current, "its own merchant's journal takes the taps");
        CardReport.Of(rig.Tables).Journals.ShouldBe(
            [new(current, rig.Merchant, 0, 0), new(again.Epoch, TillRig.Merchant, 2, 0), new(left.Epoch, TillRig.Merchant, 40, 40)]);
        rig.Reopen();
        rig.Journal.Epoch.ShouldBe(current, "also after a restart");
        rig.Upload.Due().ShouldHaveSingleItem().Epoch.ShouldBe(again.Epoch);
    }

    private static readonly EntryHash Other = EntryHash.Parse(new string('A', EntryHash.Length));

    private static JournalCursor Cursor(CardRig rig, long through, EntryHash hash) => new(rig.Journal.Epoch, TillRig.Merchant, through, hash, Restart: false);

    [Fact]
    public void While_the_cloud_contradicts_the_journal_no_card_pays_also_after_a_restart()
    {
        using var rig = new CardRig().Sync(Samples.Account(1), Samples.Account(2));
        rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Ack(1);
        var decided = rig.Decide(2).ShouldBeOfType<TapApproved>().Tap;

        rig.Upload.Told(Cursor(rig, 400, Other));

        Should.Throw<TapOvertakenException>(() => rig.Store.Append(decided));
        rig.Decide(2).ShouldBe(new TapRefused(TapRefusal.NotSynced));
        rig.Reopen();
        rig.Clock.Learn(rig.Time.GetUtcNow(), rig.Clock.Steady, rig.Clock.Steady);
        rig.Decide(2).ShouldBe(new TapRefused(TapRefusal.NotSynced));
        rig.Upload.Due().ShouldHaveSingleItem().First.ShouldBe(1, "it asks, although nothing is unsent");

        rig.Upload.Told(Cursor(rig, 0, rig.Tables.Journals.HashAt(rig.Journal, 0)!.Value));
        rig.Store.Standing().Stop.ShouldBe(TapRefusal.NotSynced, "an old word");
        rig.Upload.Told(Cursor(rig, 1, rig.Journal.LastHash));
        rig.Store.TapCard(2).ShouldNotBeNull();
    }

    [Fact]
    public void An_account_into_which_the_cloud_counts_entries_that_this_machine_never_made_pays_nothing_here()
    {
        using var rig = new CardRig().Sync(Samples.Account(1), Samples.Account(2));
        rig.Store.TapCard(2).ShouldNotBeNull();
        CardAccount Told(int version, long applied) =>
            Samples.Account(1) with { Version = version, Applied = new Dictionary<string, long> { [CardAccount.JournalKey(TillRig.Device, rig.Journal.Epoch)] = applied } };

        rig.Tell(Told(2, applied: 2));

        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.NotSynced), "it would pay its whole balance at every tap");
        rig.Pass(4);
        rig.Store.TapCard(2).ShouldNotBeNull("the second entry");
        rig.Decide(1).ShouldBeOfType<TapApproved>();
    }

    [Fact]
    public void Where_nothing_is_unsent_the_cloud_is_asked_about_the_very_end_however_long_the_entries_are()
    {
        const int Taps = 100;
        using var rig = new CardRig().Sync(Enumerable.Range(1, Taps).Select(number => Samples.Account(number)));
        for (var number = 1; number <= Taps; number++)
        {
            var question = Samples.Question(number, rig.Store.Now, 1250, TapMode.Item) with { Items = [.. Enumerable.Range(1, 5).Select(item => new SoldItem(item, 1, new(250)))] };
            rig.Store.Append(TapRules.Decide(question, rig.Store.Look(Samples.CardNoOf(number))).ShouldBeOfType<TapApproved>().Tap);
        }

        rig.Ack(Taps);
        rig.Upload.Told(Cursor(rig, 400, Other));

        var sent = rig.Upload.Due().ShouldHaveSingleItem();

        sent.Entries.Count.ShouldBeLessThan(CardEntries.MaxEntries, "otherwise this shows nothing");
        (sent.First, sent.Entries[^1].Seq).ShouldBe((Taps + 1 - sent.Entries.Count, Taps));
        sent.PrevHash.ShouldBe(rig.Tables.Journals.HashAt(rig.Journal, sent.First - 1)!.Value);
        var epoch = rig.Journal.Epoch;
        rig.Upload.Answered(new()
        {
            MerchantId = TillRig.Merchant,
            Epoch = epoch,
            Through = 400,
            Hash = Other,
            InReplyTo = sent.Id,
            HeldThrough = Taps,
            HeldHash = rig.Journal.LastHash,
        });
        rig.Journal.Epoch.ShouldNotBe(epoch, "the cloud goes on where this machine ends: it begins anew");
    }

    [Fact]
    public void A_batch_is_cut_at_a_tap_where_the_cloud_s_transaction_or_the_message_would_be_too_small()
    {
        using var rig = new CardRig().Sync(Enumerable.Range(1, Cards).Select(number => Samples.Account(number, 2000, Samples.Subsidy("meal", 1000))));
        for (var number = 1; number <= 60; number++)
        {
            var tap = rig.Store.TapCard(number).ShouldNotBeNull();
            tap.Parts.Count.ShouldBe(2);
            var reversal = TapRules.Undo(tap, TapId.New(Crockford.Random), rig.Store.Now, rig.Store.View(tap.AccountId), offline: false).Reversal!;
            rig.Store.Append(reversal);
        }

        List<CardEntry> sent = [];
        while (rig.Journal.Unsent > 0)
        {
            var batch = rig.Upload.Due().ShouldHaveSingleItem();
            DeviceMessageJson.Write(batch).Length.ShouldBeLessThan(30 * 1024);
            var rows = batch.Entries.Select(entry => entry.AccountId.Value).Distinct().Count() + batch.Entries.Select(entry => entry.Reverses).OfType<TapId>().Distinct().Count();
            rows.ShouldBeLessThanOrEqualTo(97);
            batch.Entries.Count.ShouldBeLessThanOrEqualTo(CardEntries.MaxEntries);
            sent.AddRange(batch.Entries);
            sent.GroupBy(entry => entry.TapId).ShouldAllBe(tap => tap.Count() == 2);
            rig.Ack(batch.Entries[^1].Seq);
        }

        sent.Select(entry => entry.Seq).ShouldBe(Enumerable.Range(1, 240).Select(seq => (long)seq));
    }
}
