using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>The function app is killed after each I/O of an operation in turn: money moves once, or not at all where nobody asks again before anything was stored.</summary>
public sealed class KilledOperationTests
{
    private const int MoreThanAnyStory = 100;
    private const string Key = "the-operation";

    public static TheoryData<string, bool> Stories
    {
        get
        {
            var stories = new TheoryData<string, bool>();
            foreach (var story in new[] { "open", "top up", "subsidy", "lost", "replace", "expire", "take back a tap", "take back a top-up", "close", "close, withholding", "refused" })
            {
                stories.Add(story, true);
                stories.Add(story, false);
            }

            return stories;
        }
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task An_operation_that_is_killed_after_any_step_moves_money_once(string story, bool isAskedForAgain)
    {
        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanAnyStory; killAfter++)
        {
            using var world = new World();
            var journal = new Journal();
            var account = await world.HolderAsync();
            await world.OfficeAsync("grant-0001", new GrantSubsidy(new Fen(30_00)), account.AccountId);
            var tap = journal.Tap(account, 12_50);
            await world.CardsSayAsync(journal.Batch());
            await world.PassAsync(TimeSpan.FromSeconds(10));
            var before = (await world.AccountAsync(account.AccountId)).Balance.Value;
            before.ShouldBe(117_50);
            var (operation, change) = Operation(story, journal, tap);
            AccountId? subject = story == "open" ? null : account.AccountId;

            var killing = Killing.After(world, killAfter);
            var answer = isAskedForAgain ? await world.OfficeAsync(Key, operation, subject) : await world.TryOfficeAsync(Key, operation, subject);
            if (operation is CloseAccount)
            {
                await killing.SpareAsync(() => MachineSettlesAsync(world, journal));
                await (isAskedForAgain ? world.OfficeAsync(Key, operation, subject) : world.SweepAsync());
            }

            // The last look comes when a guard that guards nothing is old enough to go.
            await killing.SpareAsync(async () =>
            {
                for (var sweeps = 0; sweeps < 3; sweeps++)
                {
                    await world.PassAsync(TimeSpan.FromMinutes(8));
                    await world.SweepAsync();
                }
            });

            if (!killing.Happened)
                break;

            steps = killAfter;
            var because = $"killed after I/O {killAfter}: {world.Failures.FirstOrDefault()?.Message}";
            var stored = await world.Get<CanteenPay.Functions.Cards.Operations.OperationStore>().FindAsync(World.Merchant, Key, CancellationToken.None);
            if (isAskedForAgain)
                answer.ShouldNotBeNull(because);
            (stored is not null || !isAskedForAgain).ShouldBeTrue(because);
            stored?.IsFinished.ShouldBe(true, because);
            (await world.CardGuardsAsync()).ShouldBeEmpty(because);
            var after = (await world.AccountAsync(account.AccountId)).Balance.Value;
            after.ShouldBe(stored is null ? before : before + change, because);
            var loop = await world.ClosedLoopAsync();
            loop.IsClosed.ShouldBeTrue($"{because}: {loop}");
            if (stored is not null && story is not "refused")
            {
                var told = world.Changes().SelectMany(changed => changed.Accounts).Last(told => told.AccountId == stored.Account);
                told.Version.ShouldBe((await world.AccountAsync(stored.Account)).Version, $"{because}: machines know what became of it");
                if (isAskedForAgain)
                    (await world.OfficeAsync(Key, operation, subject)).Row.ShouldBe(stored, "the same key is the same operation for ever");
            }
        }

        steps.ShouldBeGreaterThan(4, "the story took its I/O steps, and each was killed once");
        steps.ShouldBeLessThan(MoreThanAnyStory);
    }

    private static async Task MachineSettlesAsync(World world, Journal journal)
    {
        // The sweeps wake the feed, note that machines are told, and take the feed's guard away, which was written when it was asked for and by the first two.
        for (var sweeps = 0; sweeps < 3; sweeps++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(16));
            await world.SweepAsync();
        }

        await world.PassAsync(TimeSpan.FromMinutes(1));
        (await world.CardGuardsAsync()).ShouldNotContain(guard => guard.Operation == null);
        await world.MachineKnowsAsync((await world.Cards.FeedAsync(World.Merchant, CancellationToken.None)).Current, journal);
    }

    private static (CardOperation Operation, long Change) Operation(string story, Journal journal, CardEntry tap) => story switch
    {
        "open" => (new OpenAccount(CardNo.Parse("0A0B0C0E"), "staff"), 0),
        "top up" => (new TopUp(new Fen(50_00)), 50_00),
        "subsidy" => (new GrantSubsidy(new Fen(7_00)), 7_00),
        "lost" => (new ReportLost(tap.CardNo), 0),
        "replace" => (new ReplaceCard(tap.CardNo, CardNo.Parse("0A0B0C0E")), 0),
        "expire" => (new ExpireLot("grant-0001"), -30_00),
        "take back a tap" => (new ReverseTap(tap.PostingDay, journal.Device, journal.Epoch, tap.Seq), 12_50),
        "take back a top-up" => (new ReverseOperation("grant-0001"), -30_00),
        "close" => (new CloseAccount(), -117_50),
        "close, withholding" => (new CloseAccount(new Fen(20_00)), -117_50),
        _ => (new ReportFound(tap.CardNo), 0),
    };
}
