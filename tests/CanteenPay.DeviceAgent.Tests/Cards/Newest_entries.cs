using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Tests.Rig;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>What a machine took of an account is never overlooked, and a tap of one entry is as whole and as durable as one of several.</summary>
public sealed class Newest_entries : IDisposable
{
    private readonly CardRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void An_accounts_entries_are_found_however_those_of_others_lie_between_and_from_any_number_on()
    {
        const int Accounts = 7, Taps = 60;
        rig.Sync(Enumerable.Range(1, Accounts).Select(number => Samples.Account(number)));
        var random = new Random(20261122);
        for (var tap = 0; tap < Taps; tap++)
        {
            rig.Store.TapCard(random.Next(1, Accounts + 1), keyed: 1).ShouldNotBeNull();
            rig.Time.Pass(TapRules.SameCard);
            if (tap == Taps / 2)
                Restart();
        }

        var journal = rig.Journal;
        foreach (var number in Enumerable.Range(1, Accounts))
        {
            foreach (var beyond in (long[])[0, 1, Taps / 2, Taps - 1, Taps])
            {
                rig.Tables.Journals.OfAccount(journal, Samples.AccountNo(number), beyond).Select(entry => entry.Seq).ShouldBe(
                    rig.Entries.Where(entry => entry.AccountId == Samples.AccountNo(number) && entry.Seq > beyond).Select(entry => entry.Seq));
            }
        }
    }

    [Fact]
    public void What_was_tapped_is_taken_off_at_once_and_in_the_next_run_also_of_an_account_that_did_not_tap_in_it()
    {
        rig.Sync(Samples.Account(1), Samples.Account(2));
        rig.Store.TapCard(1).ShouldNotBeNull();
        (Left(1), Left(2)).ShouldBe((87_50, 100_00));

        Restart();

        (Left(1), Left(2)).ShouldBe((87_50, 100_00));
        rig.Store.TapCard(2).ShouldNotBeNull();
        (Left(1), Left(2)).ShouldBe((87_50, 87_50));
    }

    [Fact]
    public void A_tap_of_one_entry_that_cannot_be_stored_leaves_nothing_and_the_next_has_its_number()
    {
        rig.Sync(Samples.Account(1), Samples.Account(2));
        rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Tables.Database.Run("CREATE TRIGGER full BEFORE INSERT ON card_entries BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        Should.Throw<SqliteException>(() => rig.Store.TapCard(2));
        rig.Tables.Database.IsInTransaction.ShouldBeFalse();
        rig.Tables.Database.Run("DROP TRIGGER full");

        (rig.Entries.Count, Left(2)).ShouldBe((1, 100_00));
        rig.Store.TapCard(2).ShouldNotBeNull();
        rig.Entries.Select(entry => entry.Seq).ShouldBe([1, 2]);
    }

    [Fact]
    public void The_number_of_a_tap_that_could_not_be_stored_belongs_to_the_account_that_takes_it_next()
    {
        rig.Sync(Samples.Account(1), Samples.Account(2), Samples.Account(3, 10_00, Samples.Subsidy("lunch", 5_00)));
        rig.Tables.Database.Run("CREATE TRIGGER full BEFORE INSERT ON card_entries WHEN NEW.seq = 2 BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        // Of two lots: the first entry went well within its transaction.
        Should.Throw<SqliteException>(() => rig.Store.TapCard(3));
        rig.Store.TapCard(1).ShouldNotBeNull();
        Should.Throw<SqliteException>(() => rig.Store.TapCard(2));
        rig.Tables.Database.Run("DROP TRIGGER full");

        (Left(1), Left(2), Left(3)).ShouldBe((87_50, 100_00, 15_00));
        rig.Store.TapCard(3).ShouldNotBeNull();
        (Left(1), Left(2), Left(3)).ShouldBe((87_50, 100_00, 2_50));
    }

    [Fact]
    public void Entries_of_an_older_agents_database_are_found_as_well()
    {
        rig.Sync(Samples.Account(1), Samples.Account(2));
        foreach (var number in (int[])[1, 2, 1])
        {
            rig.Store.TapCard(number).ShouldNotBeNull();
            rig.Time.Pass(TapRules.SameCard);
        }

        rig.Tables.Database.Run("CREATE INDEX card_entries_of_account ON card_entries (account, journal, seq)");
        rig.Tables.Database.Run("ALTER TABLE card_entries DROP COLUMN previous");
        rig.Tables.Database.Run("PRAGMA user_version = 3");
        Restart();

        (Left(1), Left(2)).ShouldBe((75_00, 87_50));
    }

    [Fact]
    public void A_tap_of_one_entry_is_committed_when_it_is_approved()
    {
        rig.Sync(Samples.Account(1), Samples.Account(2));
        rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Store.TapCard(2).ShouldNotBeNull();

        using var cut = new TestFolder();
        foreach (var file in Directory.GetFiles(rig.Path, "agent.db*"))
            File.Copy(file, cut.File(Path.GetFileName(file)));
        using var other = new SqliteConnection($"Data Source={cut.File("agent.db")};Pooling=False");
        other.Open();
        Schema.Scalar(other, "SELECT count(*) FROM card_entries").ShouldBe(2L);
        rig.Tables.Database.Query("PRAGMA synchronous", row => row.GetInt64(0)).ShouldBe([2]);
        rig.Tables.Database.Query("PRAGMA journal_mode", row => row.GetString(0)).ShouldBe(["wal"]);
    }

    private void Restart()
    {
        rig.Reopen();
        rig.Clock.Learn(rig.Time.GetUtcNow(), rig.Clock.Steady, rig.Clock.Steady);
    }

    private long? Left(int number) => rig.Store.View(Samples.AccountNo(number))?.Balance.Value;
}
