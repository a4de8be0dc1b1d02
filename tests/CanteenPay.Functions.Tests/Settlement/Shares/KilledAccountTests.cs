using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Shares;

/// <summary>The function app is killed after each I/O in turn (the effect stands, the answer is lost); whoever asked asks again, and the account holds everything once.</summary>
public sealed class KilledAccountTests
{
    private static readonly DistributorId One = DistributorId.Parse("0THERDST"), Other = DistributorId.Parse("DSTR1BTR");
    private static readonly DateTimeOffset Posted = World.Noon, Paid = new(2026, 12, 2, 9, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public Task What_a_revision_changes_is_posted_once() => EachKilledAsync(
        async world => await world.Get<ShareStore>().PostAsync(2, Statement(500, 70), Statement(480, 0), world.Clock.GetUtcNow(), CancellationToken.None),
        ["20261122-DEVMERCH-1 480", "20261122-DEVMERCH-2 20", "20261122-DEVMERCH-2 70"]);

    [Fact]
    public Task An_entry_is_reversed_once() => EachKilledAsync(
        async world =>
        {
            var entry = (await world.Get<ShareStore>().FindAsync(One, "20261122-DEVMERCH-1", CancellationToken.None)).ShouldNotBeNull();
            (await world.Get<ShareCorrections>().ReverseAsync(entry, "费率录错", "wrong-rate-1", Paid, CancellationToken.None)).Result
                .ShouldBeOneOf(CorrectionResult.Made, CorrectionResult.Repeated);
        },
        ["20261122-DEVMERCH-1 480", "rev-20261122-DEVMERCH-1 -480"]);

    [Fact]
    public Task A_month_is_paid_once() => EachKilledAsync(
        async world => (await world.Get<Payouts>().PayAsync(One, new(new(2026, 11, 1)), Paid, CancellationToken.None)).Result
            .ShouldBeOneOf(PayoutResult.Made, PayoutResult.Repeated),
        ["20261122-DEVMERCH-1 480", "paid-202611 -480"]);

    [Fact]
    public async Task Two_who_pay_different_months_at_once_pay_nothing_twice()
    {
        using var world = new World();
        var store = world.Get<ShareStore>();
        await store.PostAsync(1, Statement(480, 0), null, Posted, CancellationToken.None);
        await store.InsertAsync(new(One, "20261203-DEVMERCH-1", ShareKind.Share, new(20), Paid), CancellationToken.None);
        var january = new DateTimeOffset(2027, 1, 2, 9, 0, 0, TimeSpan.FromHours(8));
        var isFirst = true;
        world.Tables.BeforeOperation = async operation =>
        {
            // Between what the one read and what it writes, the other pays December.
            if (!isFirst || !operation.Contains("Transaction", StringComparison.OrdinalIgnoreCase))
                return;
            isFirst = false;
            (await world.Get<Payouts>().PayAsync(One, new(new(2026, 12, 1)), january, CancellationToken.None)).Entry!.Amount.ShouldBe(new Fen(-500));
        };

        var late = await world.Get<Payouts>().PayAsync(One, new(new(2026, 11, 1)), january, CancellationToken.None);

        isFirst.ShouldBeFalse();
        late.Result.ShouldBe(PayoutResult.LaterIsPaid);
        (await EntriesAsync(world)).ShouldBe(["20261122-DEVMERCH-1 480", "20261203-DEVMERCH-1 20", "paid-202612 -500"]);
    }

    /// <summary>Asks, killed after the n-th I/O, and asks again, for each n there is.</summary>
    private static async Task EachKilledAsync(Func<World, Task> askAsync, string[] entries)
    {
        for (var killAfter = 1; ; killAfter++)
        {
            using var world = new World();
            await world.Get<ShareStore>().PostAsync(1, Statement(480, 0), null, Posted, CancellationToken.None);
            var killed = world.KillAfter(killAfter);
            try
            {
                await askAsync(world);
            }
            catch (Killed e)
            {
                world.Failures.Add(e);
            }

            var wasKilled = killed();
            world.NobodyIsKilled();
            await askAsync(world);

            (await EntriesAsync(world)).ShouldBe(entries, $"killed after I/O {killAfter}");
            if (!wasKilled)
            {
                killAfter.ShouldBeGreaterThan(2, "it took its I/O steps, and each was killed once");
                return;
            }
        }
    }

    private static async Task<string[]> EntriesAsync(World world)
    {
        var store = world.Get<ShareStore>();
        var entries = store.ListAsync(One, CancellationToken.None).Concat(store.ListAsync(Other, CancellationToken.None));
        return await entries.Select(entry => $"{entry.Key} {entry.Amount.Value}").ToArrayAsync();
    }

    private static Statement Statement(long one, long other) =>
        StatementRules.Of(World.Merchant, new(2026, 11, 22), [], [new(new(2026, 11, 1), new(60, 20, []))], Fen.Zero) with
        {
            DistributorParts = [new(One, new(one)), new(Other, new(other))],
        };
}
