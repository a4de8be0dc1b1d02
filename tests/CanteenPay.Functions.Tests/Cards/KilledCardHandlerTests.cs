using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>
/// Invariants 2 and 8: booking, feed and pulls are killed after each I/O in turn (the effect stands, the answer is lost, nothing after it runs), the message comes
/// again, and in the end it is as if nobody had been killed.
/// </summary>
public sealed class KilledCardHandlerTests
{
    private const int MoreThanAnyStory = 400;

    private static readonly AccountId First = AccountId.Parse("ACC0VNT1");

    public static TheoryData<string> Stories => new() { "booked", "two machines", "automatic entries", "over midnight", "restored", "parked", "pulled", "swept" };

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_handler_killed_after_any_step_leaves_nothing_undone_and_nothing_twice(string story)
    {
        var expected = await EndOfAsync(story, killAfter: int.MaxValue);
        expected.Failures.ShouldBeEmpty();
        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanAnyStory; killAfter++)
        {
            var end = await EndOfAsync(story, killAfter);
            if (!end.WasKilled)
                break;
            steps = killAfter;
            var when = $"killed after I/O {killAfter}: {end.Failures[0].Message}";
            end.Accounts.ShouldBe(expected.Accounts, when);
            end.Ledger.ShouldBe(expected.Ledger, when);
            end.Cursors.ShouldBe(expected.Cursors, when);
            end.Told.ShouldBe(expected.Told, when);
            end.Parked.ShouldBe(expected.Parked, when);
            end.Unfinished.ShouldBeEmpty(when);
            end.Failures.ShouldAllBe(failure => failure is Killed || failure is AggregateException, when);
        }

        steps.ShouldBeGreaterThan(3, "the story took its I/O steps, and each was killed once");
        steps.ShouldBeLessThan(MoreThanAnyStory);
    }

    private static async Task<End> EndOfAsync(string story, int killAfter)
    {
        using var world = new World();
        var account = await world.OpenAccountAsync(First.Value, 20_00, with: WithExpiredLot);
        await world.OpenAccountAsync("ACC0VNT2", 20_00, "0A0B0C0E");
        var killed = world.KillAfter(killAfter);
        await TellAsync(world, story, account);
        var wasKilled = killed();
        world.NobodyIsKilled();
        for (var sweeps = 0; sweeps < 5; sweeps++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(5));
            await world.SweepAsync();
        }

        return await End.OfAsync(world, wasKilled);
    }

    private static async Task TellAsync(World world, string story, CardAccount account)
    {
        var journal = new Journal();
        switch (story)
        {
            case "booked" or "swept":
                journal.Tap(account, 1_00);
                journal.Tap(account, 30_00);
                await world.CardsSayAsync(journal.Batch());
                if (story == "swept")
                    await LoseWakesAsync(world);
                await world.PassAsync(TimeSpan.FromSeconds(10));
                break;
            case "two machines":
                var other = new Journal(World.OtherMachine);
                journal.Tap(account, 1_00);
                other.Tap(account, 2_00);
                await world.CardsSayAsync(journal.Batch());
                await world.CardsSayAsync(other.Batch(), World.OtherMachine);
                await world.CardsSayAsync(journal.Batch());
                await world.PassAsync(TimeSpan.FromSeconds(10));
                break;
            case "automatic entries":
                var tap = journal.Tap(account, 3_00, entry => entry with { Purse = Purse.Subsidy, Lot = "grant-2026-10", At = World.Noon.AddHours(-2) });
                journal.Reverse(tap);
                journal.Reverse(tap);
                await world.CardsSayAsync(journal.Batch());
                await world.PassAsync(TimeSpan.FromSeconds(10));
                break;
            case "over midnight":
                journal.Tap(account, 1_00);
                journal.Tap(account, 1_00, entry => entry with { PostingDay = entry.PostingDay.AddDays(1) });
                await world.CardsSayAsync(journal.Batch());
                journal.Tap(account, 1_00, entry => entry with { PostingDay = entry.PostingDay.AddDays(4) });
                await world.CardsSayAsync(journal.Batch(3));
                await world.PassAsync(TimeSpan.FromSeconds(10));
                break;
            case "restored":
                journal.Tap(account, 1_00);
                journal.Tap(account, 2_00);
                await world.CardsSayAsync(journal.Batch());
                var restored = journal.ImageAt(1);
                restored.Tap(account, 4_00);
                await world.CardsSayAsync(restored.Batch(2));
                world.LastAck().HeldThrough.ShouldBe(1);
                break;
            case "parked":
                journal.Tap(account with { AccountId = AccountId.Parse("N0B0DY00") }, 1_00);
                await world.CardsSayAsync(journal.Batch());
                break;
            default:
                await world.CardsSayAsync(journal.Pull());
                world.ToldOfCards().OfType<CardsPart>().Last().Accounts.Count.ShouldBe(2);
                break;
        }
    }

    private static async Task LoseWakesAsync(World world)
    {
        world.Clock.MoveTo(world.Clock.GetUtcNow().AddSeconds(10));
        while (world.ServiceBus.TakeDue(FeedWake.Queue) is not null)
        {
        }

        await world.PassAsync(TimeSpan.FromMinutes(4));
        await world.SweepAsync();
    }

    private static CardAccount WithExpiredLot(CardAccount account) => account with
    {
        Purses = [.. account.Purses, new("grant-2026-10", Purse.Subsidy, Fen.Zero) { Expired = new Fen(2_00), ExpiredAt = World.Noon.AddHours(-1) }],
    };

    /// <summary>All that a story leaves behind, without what differs by chance: ids of taps, and how often something was said.</summary>
    private sealed record End(
        bool WasKilled, IReadOnlyList<Exception> Failures, IReadOnlyList<string> Accounts, IReadOnlyList<string> Ledger, IReadOnlyList<string> Cursors,
        IReadOnlyList<string> Told, IReadOnlyList<string> Parked, IReadOnlyList<string> Unfinished)
    {
        public static async Task<End> OfAsync(World world, bool wasKilled)
        {
            var accounts = await world.Cards.AccountsAfterAsync(World.Merchant, null, null, CancellationToken.None).Select(row => row.Account).ToListAsync();
            var today = BusinessDay.Of(World.Noon);
            var ledger = new List<LedgerRow>();
            for (var day = today.AddDays(-1); day <= today.AddDays(5); day = day.AddDays(1))
                ledger.AddRange(await world.LedgerAsync(day));
            var cursors = await world.Cards.CursorsAsync(World.Merchant, CancellationToken.None).ToListAsync();
            var feed = await world.Cards.FeedAsync(World.Merchant, CancellationToken.None);
            var changes = await world.Cards.ChangesAsync(World.Merchant, null, CancellationToken.None).ToListAsync();
            var lastTold = world.Changes().SelectMany(change => change.Accounts).GroupBy(account => account.AccountId)
                .Select(told => told.MaxBy(account => account.Version)!);
            return new(
                wasKilled,
                world.Failures,
                [.. accounts.Select(Text)],
                [.. ledger.Select(line => $"{line.RowKey} {line.Entry.PostingDay:O} {line.Entry.Kind} {line.Entry.Lot} {line.Entry.Change} {line.Entry.Flags}")],
                [.. cursors.Select(row => $"{row.Journal} {row.Through} {row.Parked}")],
                [.. lastTold.OrderBy(account => account.AccountId.Value, StringComparer.Ordinal).Select(Text)],
                [.. (await world.ParkedAsync()).Select(item => item.Reason)],
                [
                    .. changes.Select(change => change.Key), .. (await world.CardGuardsAsync()).Select(guard => guard.RowKey),
                    .. feed.Published == feed.Current ? [] : new[] { $"published {feed.Published} of {feed.Current}" },
                ]);
        }

        private static string Text(CardAccount account) =>
            $"{account.AccountId} {string.Join(',', account.Purses.Select(lot => $"{lot.Lot}={lot.Balance}/{lot.Expired}"))} {account.Counters?.Total} "
            + string.Join(',', account.Applied.Select(applied => $"{applied.Key}:{applied.Value}"));
    }
}
