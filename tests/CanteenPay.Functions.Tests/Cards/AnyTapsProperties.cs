using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>
/// Whatever three machines tap, and however their batches are cut, doubled, dropped, late, killed half-way, or of a restored or new disk: what an account holds is what
/// its ledger says, each approved entry is there once, and machines are told the same.
/// </summary>
public sealed class AnyTapsProperties
{
    private static readonly DeviceId[] Devices = [World.Machine, World.OtherMachine, DeviceId.Parse("DEVMACH3")];

    private enum Happening
    {
        Tap,
        TapMore,
        Reverse,
        Send,
        SendAgain,
        SendOne,
        Restore,
        Reinstall,
        Kill,
        Minute,
        LateCopy,
    }

    [Fact]
    public void What_accounts_hold_is_what_the_ledger_says_and_each_tap_is_in_it_once() =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(150),
            Prop.ForAll(
                Gen.Elements(Enum.GetValues<Happening>()).SelectMany(what => Gen.Choose(0, 2).SelectMany(who => Gen.Choose(1, 40).Select(n => (what, who, n))))
                    .ArrayOf().ToArbitrary(),
                story => TellAsync(story).GetAwaiter().GetResult()));

    private static async Task<bool> TellAsync((Happening What, int Who, int N)[] story)
    {
        using var world = new World();
        await world.Tables.GetTableClient("Devices").AddEntityAsync(
            new CanteenPay.Functions.Devices.DeviceProfile(Devices[2], World.Merchant, "三号窗口", IsActive: true));
        CardAccount[] accounts = [await world.OpenAccountAsync("ACC0VNT1", 5_00), await world.OpenAccountAsync("ACC0VNT2", 3_00, "0A0B0C0E")];
        ModelMachine[] machines = [.. Devices.Select(device => new ModelMachine(world, device))];
        var sent = new List<(DeviceId Device, CardEntries Batch)>();
        foreach (var (what, who, n) in story)
            await HappenAsync(world, machines[who], accounts[n % 2], what, n, sent);

        world.NobodyIsKilled();
        foreach (var machine in machines)
            await machine.SettleAsync();
        await world.PassAsync(TimeSpan.FromMinutes(4));
        await world.SweepAsync();
        await world.PassAsync(TimeSpan.FromMinutes(1));
        await HoldsAsync(world, accounts, machines);
        return true;
    }

    private static async Task HappenAsync(
        World world, ModelMachine machine, CardAccount account, Happening what, int n, List<(DeviceId Device, CardEntries Batch)> sent)
    {
        var journal = machine.Current;
        switch (what)
        {
            case Happening.Tap:
                machine.Tap(account, n);
                break;
            case Happening.TapMore:
                for (var tap = 0; tap < n; tap++)
                    machine.Tap(account, tap);
                break;
            case Happening.Reverse when journal.Entries.LastOrDefault(entry => entry.Kind == EntryKind.Debit) is { } tap:
                machine.Tap(account, 0, reverses: tap);
                break;
            case Happening.Send or Happening.SendAgain or Happening.SendOne:
                if (journal.LastSeq > 0)
                    sent.Add((journal.Device, journal.Batch(Math.Max(1, journal.LastSeq - n))));
                await machine.SendAsync(what == Happening.SendOne ? 1 : n, what == Happening.SendAgain ? n / 2 : 0);
                break;
            case Happening.Restore:
                machine.Restore(journal.LastSeq * n / 40);
                break;
            case Happening.Reinstall when n > 20:
                machine.Reinstall();
                break;
            case Happening.Kill:
                world.KillAfter(n);
                break;
            case Happening.Minute:
                await world.PassAsync(TimeSpan.FromMinutes(1));
                break;
            case Happening.LateCopy when sent.Count > 0:
                var (device, batch) = sent[n % sent.Count];
                await world.CardsSayAsync(batch, device);
                break;
        }
    }

    private static async Task HoldsAsync(World world, CardAccount[] opened, ModelMachine[] machines)
    {
        var cursors = await world.Cards.CursorsAsync(World.Merchant, CancellationToken.None).ToDictionaryAsync(row => row.Journal);
        var booked = (await world.LedgerAsync()).Where(line => line.Entry.Tapped is not { } tapped
            || tapped.Seq <= cursors[line.RowKey[..(DeviceId.Length + 1 + Epoch.Length)]].Through).ToList();
        var taps = booked.Where(line => line.Entry.Tapped is not null).Select(line => (line.Entry.Tapped!.TapId, line.Entry.Tapped.Part)).ToList();
        taps.ShouldBeUnique();
        foreach (var machine in machines)
            machine.Approved.Select(entry => (entry.TapId, entry.Part)).Except(taps).ShouldBeEmpty("what a disk holds is booked in the end");

        foreach (var account in opened)
        {
            var row = await world.AccountAsync(account.AccountId);
            var lines = booked.Where(line => line.Entry.AccountId == account.AccountId).ToList();
            row.Balance.Value.ShouldBe(account.Balance.Value + lines.Sum(line => line.Entry.Change.Value));
            var last = lines.Where(line => line.Entry.Tapped is not null).GroupBy(line => line.RowKey[..(DeviceId.Length + 1 + Epoch.Length)])
                .ToDictionary(journal => journal.Key, journal => journal.Max(line => line.Entry.Tapped!.Seq));
            row.Applied.ShouldBe(last, ignoreOrder: true);
            var told = world.Changes().SelectMany(change => change.Accounts).Where(changed => changed.AccountId == account.AccountId).MaxBy(changed => changed.Version);
            if (told is not null)
                (told.Version, told.Balance).ShouldBe((row.Version, row.Balance));
            else
                row.Version.ShouldBe(account.Version);
        }

        (await world.Cards.ChangesAsync(World.Merchant, null, CancellationToken.None).AnyAsync()).ShouldBeFalse();
        cursors.Values.ShouldAllBe(cursor => cursor.Parked == null || cursor.Parked.Contains("differs"));
        world.Failures.ShouldAllBe(failure => failure is Killed || failure is AggregateException);
    }
}
