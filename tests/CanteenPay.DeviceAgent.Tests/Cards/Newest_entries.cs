using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Store;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>What a machine took of an account is never overlooked, and a tap of one entry is as whole and as durable as one of several.</summary>
public sealed class Newest_entries : IDisposable
{
    /// <summary>More than there are places: some share one.</summary>
    private const int Accounts = 20_000;

    private readonly CardRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void No_account_is_said_to_have_nothing_beyond_a_number_while_it_has()
    {
        NewestEntries newest = new();
        for (var number = 0; number < Accounts; number++)
            newest.Note(Samples.AccountNo(number).Value, number + 1);

        for (var number = 0; number < Accounts; number++)
            newest.MayGoBeyond(Samples.AccountNo(number), number).ShouldBeTrue();
        newest.MayGoBeyond(Samples.AccountNo(0), Accounts).ShouldBeFalse();
    }

    [Fact]
    public void What_was_tapped_is_taken_off_at_once_and_in_the_next_run_also_of_an_account_that_did_not_tap_in_it()
    {
        rig.Sync(Samples.Account(1), Samples.Account(2));
        rig.Store.TapCard(1).ShouldNotBeNull();
        (Left(1), Left(2)).ShouldBe((87_50, 100_00));

        rig.Reopen();
        rig.Clock.Learn(rig.Time.GetUtcNow(), rig.Clock.Steady, rig.Clock.Steady);

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
    public void A_tap_of_one_entry_is_committed_when_it_is_approved()
    {
        rig.Sync(Samples.Account(1), Samples.Account(2));
        rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Store.TapCard(2).ShouldNotBeNull();

        using var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(rig.Path, "agent.db"), Pooling = false }.ToString());
        other.Open();
        Schema.Scalar(other, "SELECT count(*) FROM card_entries").ShouldBe(2L);
        rig.Tables.Database.Query("PRAGMA synchronous", row => row.GetInt64(0)).ShouldBe([2]);
        rig.Tables.Database.Query("PRAGMA journal_mode", row => row.GetString(0)).ShouldBe(["wal"]);
    }

    private long? Left(int number) => rig.Store.View(Samples.AccountNo(number))?.Balance.Value;
}
