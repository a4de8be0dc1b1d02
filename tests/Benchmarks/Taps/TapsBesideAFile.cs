using System.Diagnostics;
using System.Globalization;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.Benchmarks.Taps;

/// <summary>
/// Taps decided and stored by the agent's own store, beside an entry's bytes appended to a growing file with fdatasync: in turns, in one folder, in one run.
/// </summary>
internal static class TapsBesideAFile
{
    private const int WarmUp = 20_000;

    /// <summary>One tap in so many spends a subsidy and cash, and makes two entries.</summary>
    private const int TwoLots = 5;

    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    private static readonly DeviceId Device = DeviceId.Parse("DEVMACH1");
    private static readonly Fen Price = new(12_50);

    public static void Run(int taps, int accounts)
    {
        var folder = Directory.CreateTempSubdirectory("canteenpay-taps-").FullName;
        try
        {
            using var state = StateFolder.Take(folder);
            using var store = OrderStore.Open(state, Device);
            var time = new Queueing();
            var (cards, bytes) = Fill(store, time, accounts);
            using var file = new GrowingFile(Path.Combine(folder, "floor"), new byte[bytes]);
            var floor = new Percentiles($"floor: {bytes} bytes appended to a growing file, fdatasync");
            var (tap, decide) = (new Percentiles("a tap: looked up, decided, stored"), new Percentiles("of it until it is decided"));
            for (var n = -WarmUp; n < taps; n++)
            {
                time.Next();
                // Which of the two goes first changes each time.
                var early = n % 2 == 0 ? Time(file.Append) : (TimeSpan?)null;
                var (decided, stored) = Tap(cards, CardOf(n + WarmUp, accounts));
                var appended = early ?? Time(file.Append);
                if (n < 0)
                    continue;
                floor.Add(appended);
                tap.Add(stored);
                decide.Add(decided);
            }

            Print(floor, tap, decide, accounts);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(Percentiles floor, Percentiles tap, Percentiles decide, int accounts)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| µs, {accounts} accounts in the store | n | p50 | p90 | p99 | max |\n| --- | --- | --- | --- | --- | --- |"));
        Console.WriteLine(floor.Row(TimeSpan.FromMicroseconds(1)));
        Console.WriteLine(tap.Row(TimeSpan.FromMicroseconds(1)));
        Console.WriteLine(decide.Row(TimeSpan.FromMicroseconds(1)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| a tap, of the floor | | {tap.At(0.5) / floor.At(0.5):F2} × | {tap.At(0.9) / floor.At(0.9):F2} × | {tap.At(0.99) / floor.At(0.99):F2} × | |"));
    }

    private static TimeSpan Time(Action act)
    {
        var began = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(began);
    }

    private static (TimeSpan Decided, TimeSpan Stored) Tap(CardStore cards, CardNo card)
    {
        var began = Stopwatch.GetTimestamp();
        var question = new TapQuestion(card, TapId.New(Crockford.Random), cards.Now, TapMode.Free, Price, [], TypedUid: false, Offline: false);
        if (TapRules.Decide(question, cards.Look(card)) is not TapApproved approved)
            throw new InvalidOperationException($"A card that ought to pay was refused: {cards.Standing().Stop}.");
        var decided = Stopwatch.GetElapsedTime(began);
        cards.Append(approved.Tap);
        return (decided, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>A store that has rules and every account, and how many bytes an entry takes.</summary>
    private static (CardStore Cards, int EntryBytes) Fill(OrderStore store, TimeProvider time, int accounts)
    {
        var clock = new MachineClock(time);
        clock.Learn(clock.Steady, clock.Steady, clock.Steady);
        var tables = new CardTables(store, new(Device, Merchant), clock, time, new(CardLimits.DefaultUnsentEntries, OrderStore.MaxBytes));
        var cards = new CardStore(tables, clock, new FaultReport(new Health(), clock, NullLogger<FaultReport>.Instance));
        tables.Settings.Take(new() { Version = 1, MerchantId = Merchant, Cards = Rules });
        tables.Database.InTransaction(() =>
        {
            for (var n = 0; n < accounts; n++)
                tables.Accounts.Put(Account(n));
            tables.Feed.Put(new(1, Synced: true, Pull: null));
        });
        tables.Clock.Keep();
        Tap(cards, CardOf(accounts - 1, accounts));
        var entry = tables.Journals.Read(tables.Journals.Current!, 1, 1).Single();
        return (cards, entry.Length + EntryHash.Length);
    }

    private static readonly CardRules Rules = new()
    {
        Meals = [new(Meal.Lunch, new(0, 0), new(12, 0)), new(Meal.Dinner, new(12, 0), new(0, 0))],
        CardTypes = [new("staff", new("职工", "Staff"))],
    };

    private static CardNo CardOf(int n, int accounts) => CardNo.Parse(string.Create(CultureInfo.InvariantCulture, $"C{n % accounts:D7}"));

    private static CardAccount Account(int n) => new()
    {
        AccountId = AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"A{n:D7}")),
        Version = 1,
        CardType = "staff",
        Name = $"职工 {n}",
        Department = "一车间",
        Cards = [new(CardOf(n, int.MaxValue), CardState.Active)],
        Purses = n % TwoLots == 0
            ? [new(PurseLot.Cash, Purse.Cash, new(500_00)), new("subsidy-2026-11", Purse.Subsidy, new(8_00))]
            : [new(PurseLot.Cash, Purse.Cash, new(500_00))],
    };
}
