using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>A store or a disk that is full: no tap is approved that is not kept, and what was approved stays.</summary>
public sealed class Card_store_full : IDisposable
{
    private readonly CardRig rig = new();

    public void Dispose() => rig.Dispose();

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
        (rig.Store.View(Samples.AccountNo(2))?.Balance).ShouldBe(new Fen(87_50));
        rig.Reopen();
        rig.Damage.ShouldBeNull();
        rig.Upload.Due().ShouldHaveSingleItem().First.ShouldBe(4);
    }
}
