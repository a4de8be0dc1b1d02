using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Night;

/// <summary>
/// Goal: the night may die anywhere. Method: a story of two days is told once, and then again with a kill after each I/O in turn (the effect stands, the answer is lost, nothing after it
/// runs); messages come again, the night itself does not. In the end every table is the same, to the byte.
/// </summary>
public sealed class KilledNightTests
{
    private const int MoreThanTheStory = 600;

    private static readonly DateOnly First = World.Today, Second = First.AddDays(1);
    private static readonly DistributorId Distributor = DistributorId.Parse("DSTR1BTR");
    private static readonly MerchantId Refunder = World.OtherMerchant;

    [Fact]
    public async Task Killed_after_any_step_the_night_and_the_closing_end_the_same_to_the_byte()
    {
        string expected;
        using (var world = new World())
            expected = await TellAsync(world);
        expected.ShouldContain("-final");
        expected.ShouldContain("-r3");

        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanTheStory; killAfter++)
        {
            using var world = new World();
            var killed = () => false;
            var told = await TellAsync(world, () => killed = world.KillAfter(killAfter));
            if (!killed())
                break;
            steps = killAfter;
            told.ShouldBe(expected, $"killed after I/O {killAfter}: {world.Failures[0].Message}");
            world.Failures.ShouldAllBe(failure => IsKill(failure));
        }

        steps.ShouldBeGreaterThan(100, "the story took its I/O steps, and each was killed once");
        steps.ShouldBeLessThan(MoreThanTheStory);
    }

    private static bool IsKill(Exception failure) => failure is Killed || (failure is AggregateException all && all.InnerExceptions.All(IsKill));

    /// <summary>
    /// A day with a share and one that owes; a payment that comes after the night; the next day; the first one is closed, just when another payment was written there and not yet noted, and
    /// a machine has brought a line of cards: so the closing makes the last revision of both.
    /// </summary>
    private static async Task<string> TellAsync(World world, Action? arm = null)
    {
        await world.TermsAsync(World.Merchant, 60, 20, new FeeShare(Distributor, 10));
        await world.PostAsync(World.Merchant, First, world.Paid(World.Merchant, First, 100_000));
        await world.PostAsync(Refunder, First, World.Returned(world.Paid(Refunder, First.AddDays(-5), 1000), First, 1000));
        var (late, next, last) = (world.Paid(World.Merchant, First, 50_000), world.Paid(World.Merchant, Second, 700), world.Paid(World.Merchant, First, 900));
        arm?.Invoke();

        await NightAsync(world, First);
        await UntouchedAsync(world, () => world.PostAsync(World.Merchant, First, late), () => world.PostAsync(World.Merchant, Second, next));
        await NightAsync(world, Second);
        await UntouchedAsync(
            world,
            () => world.Get<PostingStore>().InsertAsync(new(World.Merchant, First, last with { IsBelated = true }), CancellationToken.None),
            () => world.CardLineAsync(World.Merchant, First, 2000));
        await CloseAsync(world, First);
        world.NobodyIsKilled();
        var (made, indexed) = (await world.Statements.ReadAsync(World.Merchant, First, CancellationToken.None), await world.IndexedAsync(World.Merchant, First));
        made.Latest!.IsFinal.ShouldBeTrue();
        (made.Latest.Revision, made.LatestCards!.Revision).ShouldBe((indexed.Revision, indexed.CardRevision), "by the index it is seen that there are new files to be made");
        return await world.SettlementRowsAsync();
    }

    private static async Task NightAsync(World world, DateOnly day)
    {
        await world.SettleNightAsync(day);
        await world.SettleSweepAsync();
        await world.SettleSweepAsync(TimeSpan.FromMinutes(25));
    }

    private static async Task CloseAsync(World world, DateOnly day)
    {
        (await world.CloseAsync(day)).Code.ShouldBeNull();
        for (var sweeps = 0; sweeps < 3; sweeps++)
        {
            await world.SettleSentAsync();
            await world.SettleSweepAsync(TimeSpan.FromMinutes(6));
        }
    }

    /// <summary>Payments have kills of their own; here they are only what the night meets.</summary>
    private static async Task UntouchedAsync(World world, params Func<Task>[] acts)
    {
        var (before, after) = (world.Tables.BeforeOperation, world.Tables.AfterOperation);
        (world.Tables.BeforeOperation, world.Tables.AfterOperation) = (null, null);
        foreach (var act in acts)
            await act();
        (world.Tables.BeforeOperation, world.Tables.AfterOperation) = (before, after);
    }
}
