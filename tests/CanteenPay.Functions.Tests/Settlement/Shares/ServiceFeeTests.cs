using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Subscriptions;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Settlement.Shares;

namespace CanteenPay.Functions.Tests.Settlement.Shares;

/// <summary>What distributors owe for the service of their merchants comes to their accounts by night, once.</summary>
public sealed class ServiceFeeTests
{
    [Fact]
    public async Task Each_years_fee_is_charged_to_the_merchants_distributor_once()
    {
        using var world = new World();
        var (own, other) = (await world.DistributorAsync(), await world.DistributorAsync("distributor-2", "华南经销"));
        var merchant = await world.ActiveMerchantAsync(own);

        await ChargeAsync(world);
        await ChargeAsync(world);
        await world.Get<SubscriptionStore>().TryRenewAsync(
            (await world.Get<MerchantRegistry>().ReadAsync(merchant, CancellationToken.None))!,
            (await world.Get<SubscriptionStore>().FindAsync(merchant, CancellationToken.None))! with { Fees = 2 },
            new(merchant, 2, new(200_000), new(2027, 11, 23), new(2028, 11, 22), world.Clock.GetUtcNow(), Person.Clock), new(merchant, "renewal-1", 2), CancellationToken.None);
        await ChargeAsync(world);

        (await EntriesAsync(world, own)).ShouldBe([$"fee-{merchant}-0001 -250000", $"fee-{merchant}-0002 -200000"]);
        (await EntriesAsync(world, other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_distributor_that_cannot_be_charged_keeps_nobody_from_the_others()
    {
        using var world = new World();
        var distributors = new[] { await world.DistributorAsync(), await world.DistributorAsync("distributor-2", "华南经销") };
        foreach (var (at, distributor) in distributors.Index())
            await world.ActiveMerchantAsync(distributor, $"filing-{at}", $"755000000{at}");
        var failed = false;
        world.Tables.BeforeOperation = operation =>
        {
            if (failed || !operation.Contains(ShareStore.Table, StringComparison.Ordinal))
                return Task.CompletedTask;
            failed = true;
            throw new InvalidOperationException("storage is away");
        };

        (await Should.ThrowAsync<AggregateException>(() => ChargeAsync(world))).Message.ShouldContain("1 distributors could not be charged");
        (await EntriesAsync(world, distributors[0])).Concat(await EntriesAsync(world, distributors[1])).Count().ShouldBe(1);
        await ChargeAsync(world);

        (await EntriesAsync(world, distributors[0])).Concat(await EntriesAsync(world, distributors[1])).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Killed_after_any_step_the_next_night_finishes_it()
    {
        var steps = 0;
        for (var killAfter = 1; killAfter <= 100; killAfter++)
        {
            using var world = new World();
            var distributor = await world.DistributorAsync();
            var merchants = new[] { await world.ActiveMerchantAsync(distributor), await world.ActiveMerchantAsync(distributor, "filing-2", "7550000002") };
            var killed = world.KillAfter(killAfter);
            try
            {
                await ChargeAsync(world);
            }
            catch (Exception e)
            {
                world.Failures.Add(e);
            }

            var wasKilled = killed();
            world.NobodyIsKilled();
            await ChargeAsync(world);

            (await EntriesAsync(world, distributor)).ShouldBe(
                merchants.Select(merchant => $"fee-{merchant}-0001 -250000").Order(StringComparer.Ordinal).ToList(), customMessage: $"killed after I/O {killAfter}");
            if (!wasKilled)
                break;
            steps = killAfter;
        }

        steps.ShouldBeInRange(5, 99);
    }

    private static Task ChargeAsync(World world) => world.Get<IEnumerable<INightChore>>().OfType<ServiceFees>().Single().RunAsync(world.Clock.GetUtcNow(), CancellationToken.None);

    private static async Task<IReadOnlyList<string>> EntriesAsync(World world, CanteenPay.Functions.Identity.Caller distributor) =>
        await world.Get<ShareStore>().ListAsync(distributor.Scope.Distributors.Single(), CancellationToken.None).Select(entry => $"{entry.Key} {entry.Amount.Value}").ToListAsync();
}
