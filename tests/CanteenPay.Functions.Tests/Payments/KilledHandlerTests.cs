using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>
/// Invariant 8: the handler is killed after each I/O in turn (the effect stands, the answer is lost, nothing after it runs), the message comes again, and
/// order, bank and machine agree in the end.
/// </summary>
public sealed class KilledHandlerTests
{
    private const int MoreThanAnyStory = 400;

    public static TheoryData<string> Stories => new() { "paid by poll", "paid by notification", "cancelled", "bank refuses", "cancel first" };

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_handler_killed_after_any_step_leaves_nothing_undone(string story)
    {
        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanAnyStory; killAfter++)
        {
            using var world = new World();
            var killed = KillAfter(world, killAfter);
            var expected = await TellAsync(world, story);
            for (var sweeps = 0; sweeps < 3; sweeps++)
            {
                await world.SweepAsync();
                await world.PassAsync(TimeSpan.FromMinutes(10));
            }

            if (!killed())
                break;

            steps = killAfter;
            var order = await world.OrderAsync(expected.Order);
            order.State.ShouldBe(expected.State, $"killed after I/O {killAfter}: {world.Failures[0].Message}");
            (await world.GuardsAsync()).ShouldBeEmpty($"killed after I/O {killAfter}: {world.Failures[0].Message}");
            world.Results.Any(result => result.Outcome == PayOutcome.Paid).ShouldBe(expected.State == OrderState.Paid);
            if (expected.Outcome is { } outcome)
                world.Results[^1].Outcome.ShouldBe(outcome);
            world.Failures.ShouldAllBe(failure => failure is Killed);
        }

        steps.ShouldBeGreaterThan(3, "the story took its I/O steps, and each was killed once");
        steps.ShouldBeLessThan(MoreThanAnyStory);
    }

    private static async Task<(OrderId Order, OrderState State, PayOutcome? Outcome)> TellAsync(World world, string story)
    {
        var request = World.Request();
        var order = request.OrderId;
        switch (story)
        {
            case "paid by poll":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                await world.PassAsync(TimeSpan.FromSeconds(30));
                return (order, OrderState.Paid, PayOutcome.Paid);
            case "paid by notification":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return (order, OrderState.Paid, PayOutcome.Paid);
            case "cancelled":
                await world.DeviceSaysAsync(request);
                await world.DeviceSaysAsync(new PayCancel { OrderId = order });
                await world.PassAsync(TimeSpan.FromSeconds(400));
                return (order, OrderState.Closed, PayOutcome.Closed);
            case "bank refuses":
                world.Bank.Refusal = "商户未开通";
                await world.DeviceSaysAsync(request);
                return (order, OrderState.Failed, null);
            default:
                await world.DeviceSaysAsync(new PayCancel { OrderId = order });
                await world.DeviceSaysAsync(request);
                return (order, OrderState.Closed, null);
        }
    }

    /// <summary>Kills whoever makes the n-th I/O, once; tells whether it came to that.</summary>
    private static Func<bool> KillAfter(World world, int step)
    {
        var taken = 0;
        void Count(string operation)
        {
            if (++taken == step)
                throw new Killed($"{operation} (I/O {step})");
        }

        Task CountAsync(string operation)
        {
            Count(operation);
            return Task.CompletedTask;
        }

        world.Tables.AfterOperation = CountAsync;
        world.ServiceBus.AfterOperation = CountAsync;
        world.Broker.AfterOperation = CountAsync;
        world.Bank.AfterCall = Count;
        return () => taken >= step && world.Failures.Count > 0;
    }
}
