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

    public static TheoryData<string> Stories => new() { "paid by poll", "paid by notification", "cancelled", "bank refuses", "cancel first", "paid late", "paid twice", "wrong amount", "paid after silence" };

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
            world.Failures.All(IsKill).ShouldBeTrue();
            (await world.ParkedAsync()).Any(item => item.Source == "payments").ShouldBe(
                story is "paid late" or "paid twice" or "wrong amount", $"killed after I/O {killAfter}: money that is not what the order waits for is kept for a person");
        }

        steps.ShouldBeGreaterThan(3, "the story took its I/O steps, and each was killed once");
        steps.ShouldBeLessThan(MoreThanAnyStory);
    }

    private static bool IsKill(Exception failure) => failure is Killed || (failure is AggregateException all && all.InnerExceptions.All(IsKill));

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
            case "paid late":
                await world.DeviceSaysAsync(request);
                await world.DeviceSaysAsync(new PayCancel { OrderId = order });
                await world.PassAsync(TimeSpan.FromSeconds(400));
                world.Bank.PayLate(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return (order, OrderState.LatePaid, PayOutcome.Closed);
            case "paid twice":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                world.Bank.Distort = facts => facts with { ChannelTransactionNo = "SECOND" };
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return (order, OrderState.Paid, PayOutcome.Paid);
            case "wrong amount":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                world.Bank.Distort = facts => facts with { AmountFen = 1 };
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                await world.PassAsync(TimeSpan.FromMinutes(30));
                return (order, OrderState.Closing, PayOutcome.Closing);
            case "paid after silence":
                await world.DeviceSaysAsync(request);
                world.Bank.AnswersAreLost = true;
                await world.PassAsync(TimeSpan.FromMinutes(30));
                world.Bank.PayLate(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return (order, OrderState.Paid, PayOutcome.Paid);
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
            if (++taken != step)
                return;
            world.HandlerIsDead = true;
            throw new Killed($"{operation} (I/O {step})");
        }

        void Dead()
        {
            if (world.HandlerIsDead)
                throw new Killed("its death");
        }

        Task DeadAsync(string operation)
        {
            Dead();
            return Task.CompletedTask;
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
        world.Tables.BeforeOperation = DeadAsync;
        world.ServiceBus.BeforeOperation = DeadAsync;
        world.Broker.BeforeOperation = DeadAsync;
        world.Bank.BeforeCall = Dead;
        return () => taken >= step && world.Failures.Count > 0;
    }
}
