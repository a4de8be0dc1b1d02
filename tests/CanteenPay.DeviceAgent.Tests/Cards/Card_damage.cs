using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>A damaged database: unsent taps go on under their own epoch and numbers, what is lost is counted, and nothing is approved before a new snapshot.</summary>
public sealed class Card_damage : IDisposable
{
    private readonly CardRig rig = new();
    private readonly List<Tap> taps = [];
    private readonly Epoch epoch;

    public Card_damage()
    {
        rig.Sync(Enumerable.Range(1, 60).Select(number => Samples.Account(number)));
        epoch = rig.Journal.Epoch;
        for (var number = 1; number <= 60; number++)
            taps.Add(rig.Store.TapCard(number)!);
        rig.Ack(20);
    }

    public void Dispose() => rig.Dispose();

    private void Damaged(string sql)
    {
        rig.Close();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(rig.Path, "agent.db")};Pooling=False"))
        {
            connection.Open();
            Schema.Execute(connection, sql);
        }

        rig.Reopen();
    }

    private Journal Old => rig.Tables.Journals.All.Single(journal => journal.Epoch == epoch);

    private List<TapId> Sent() => [.. rig.Upload.Due().Where(batch => batch.Epoch == epoch).SelectMany(batch => batch.Entries).Select(entry => entry.TapId)];

    [Fact]
    public void Unsent_entries_go_on_with_their_epoch_and_numbers_and_a_new_journal_begins()
    {
        Damaged("PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'orders_by_time'");

        rig.Damage.ShouldNotBeNull().ShouldSatisfyAllConditions(damage => damage.TapsTakenOver.ShouldBe(40), damage => damage.TapsLost.ShouldBe(0));
        rig.Journal.Epoch.ShouldNotBe(epoch);
        rig.Store.Standing().Stop.ShouldBe(TapRefusal.NotOffered);
        (Old.Acked, Old.Last, Old.Torn).ShouldBe((20, 60, false));
        Sent().ShouldBe(taps.Skip(20).Select(tap => tap.Id));
        CardReport.Of(rig.Tables).Journals[1].ShouldBe(new(epoch, TillRig.Merchant, 60, 20));
        rig.Sync(Samples.Account(30) with { Applied = new Dictionary<string, long> { [CardAccount.JournalKey(TillRig.Device, epoch)] = 20 } });
        rig.Store.View(Samples.AccountNo(30))!.Balance.ShouldBe(new Fen(87_50), "it is not booked yet");
    }

    [Fact]
    public void What_follows_a_hole_is_not_sent_but_counted_and_the_journal_is_never_said_to_be_complete()
    {
        Damaged("DELETE FROM card_entries WHERE seq = 31");

        rig.Damage.ShouldNotBeNull().ShouldSatisfyAllConditions(damage => damage.TapsTakenOver.ShouldBe(10), damage => damage.TapsLost.ShouldBe(30));
        Sent().ShouldBe(taps.Skip(20).Take(10).Select(tap => tap.Id));
        CardReport.Of(rig.Tables).Journals.ShouldNotContain(journal => journal.Epoch == epoch);
        File.ReadAllLines(Path.Combine(rig.Path, rig.Damage.File + ".jsonl")).Count(line => line.Contains("\"table\":\"card_entries\"", StringComparison.Ordinal)).ShouldBe(59);
    }

    [Theory]
    [InlineData("UPDATE card_entries SET entry = replace(entry, '\"amount\":1250', '\"amount\":1') WHERE seq = 31", 10, 30)]
    [InlineData("UPDATE card_entries SET entry = 'x' WHERE seq = 60", 39, 1)]
    [InlineData("DELETE FROM card_entries WHERE seq = 20", 0, 40)]
    [InlineData("DELETE FROM card_entries WHERE seq > 20; DELETE FROM card_journals; UPDATE facts SET value = 'x' WHERE name = 'none'; INSERT INTO orders SELECT 'bad', 1, 'Paix', 0, 0, NULL, 0, NULL, NULL, 0, 0, NULL, NULL, 0, 0, NULL", 0, 20)]
    public void An_entry_that_was_changed_or_is_gone_ends_what_can_be_sent(string damage, int takenOver, int lost)
    {
        Damaged("PRAGMA foreign_keys = OFF; " + damage);

        (rig.Damage!.TapsTakenOver, rig.Damage.TapsLost).ShouldBe((takenOver, lost));
        Sent().ShouldBe(taps.Skip(20).Take(takenOver).Select(tap => tap.Id));
    }

    [Fact]
    public void A_page_that_went_bad_never_makes_entries_out_of_nothing_nor_hides_that_some_may_be_lost()
    {
        rig.Tables.Database.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        rig.Close();
        var file = Path.Combine(rig.Path, "agent.db");
        var whole = File.ReadAllBytes(file);
        for (var page = 1; page < whole.Length / 4096; page += 3)
        {
            foreach (var old in Directory.GetFiles(rig.Path, "agent.*").Where(name => !name.EndsWith(".lock", StringComparison.Ordinal)))
                File.Delete(old);
            var bad = (byte[])whole.Clone();
            bad.AsSpan(page * 4096, 4096).Fill(0xA5);
            File.WriteAllBytes(file, bad);
            rig.Reopen();

            var sent = Sent();
            taps.Skip(20).Take(sent.Count).Select(tap => tap.Id).ShouldBe(sent, $"page {page}");
            if (rig.Damage is not null && sent.Count < 40)
                CardReport.Of(rig.Tables).Journals.ShouldNotContain(journal => journal.Epoch == epoch);
            rig.Close();
        }
    }
}
