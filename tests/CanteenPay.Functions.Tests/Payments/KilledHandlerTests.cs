using CanteenPay.Channels;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>
/// Invariant 8: the handler is killed after each I/O in turn (the effect stands, the answer is lost, nothing after it runs), the message comes again, and
/// order, bank and machine agree in the end.
/// </summary>
public sealed class KilledHandlerTests
{
    private const int MoreThanAnyStory = 500;

    public static TheoryData<string> Stories => new()
    {
        "paid by poll", "paid by notification", "cancelled", "bank refuses", "cancel first", "paid late", "paid late, refund refused", "paid twice",
        "wrong amount", "paid after silence", "asked and acknowledged", "refunded in parts", "refunded at the till", "refund refused",
    };

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_handler_killed_after_any_step_leaves_nothing_undone(string story)
    {
        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanAnyStory; killAfter++)
        {
            using var world = new World();
            var killed = world.KillAfter(killAfter);
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
            world.Results.Any(result => result.Outcome == PayOutcome.Paid).ShouldBe(expected.State == OrderState.Paid || story.StartsWith("refunded", StringComparison.Ordinal));
            if (expected.Outcome is { } outcome)
                world.Results[^1].Outcome.ShouldBe(outcome);
            world.Failures.All(IsKill).ShouldBeTrue();
            order.Refunded.Value.ShouldBe(world.Bank.Holds(expected.Order) ? world.Bank.RefundedFen(expected.Order) : 0, $"killed after I/O {killAfter}");
            order.RefundPending.ShouldBe(Fen.Zero);
            (await world.RefundsAsync(expected.Order)).Count.ShouldBe(expected.Refunds, $"killed after I/O {killAfter}: a refund is made once");
            await world.ShouldHavePostedOnceAsync(expected.Order, $"killed after I/O {killAfter}: {world.Failures[0].Message}");
            (await world.ParkedAsync()).Any(item => item.Source == "refunds").ShouldBe(story.Contains("refund refused", StringComparison.Ordinal));
            (await world.ParkedAsync()).Any(item => item.Source == "payments").ShouldBe(
                story is "paid twice" or "wrong amount", $"killed after I/O {killAfter}: money that is not what the order waits for is kept for a person");
        }

        steps.ShouldBeGreaterThan(3, "the story took its I/O steps, and each was killed once");
        steps.ShouldBeLessThan(MoreThanAnyStory);
    }

    private static bool IsKill(Exception failure) => failure is Killed || (failure is AggregateException all && all.InnerExceptions.All(IsKill));

    private static async Task<(OrderId Order, OrderState State, PayOutcome? Outcome, int Refunds)> TellAsync(World world, string story)
    {
        var request = World.Request();
        var order = request.OrderId;
        switch (story)
        {
            case "paid by poll":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                await world.PassAsync(TimeSpan.FromSeconds(30));
                return (order, OrderState.Paid, PayOutcome.Paid, 0);
            case "paid by notification":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return (order, OrderState.Paid, PayOutcome.Paid, 0);
            case "cancelled":
                await world.DeviceSaysAsync(request);
                await world.DeviceSaysAsync(new PayCancel { OrderId = order });
                await world.PassAsync(TimeSpan.FromSeconds(400));
                return (order, OrderState.Closed, PayOutcome.Closed, 0);
            case "bank refuses":
                world.Bank.Refusal = "商户未开通";
                await world.DeviceSaysAsync(request);
                return (order, OrderState.Failed, null, 0);
            case "paid late" or "paid late, refund refused":
                if (story != "paid late")
                    world.Bank.RefundRefusal = new RefundOutcome.Refused("NOTENOUGH", "余额不足");
                await world.DeviceSaysAsync(request);
                await world.DeviceSaysAsync(new PayCancel { OrderId = order });
                await world.PassAsync(TimeSpan.FromSeconds(400));
                world.Bank.PayLate(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return story == "paid late" ? (order, OrderState.Refunded, PayOutcome.Refunded, 1) : (order, OrderState.LatePaid, PayOutcome.Refunding, 1);
            case "asked and acknowledged":
                await PayAsync(world, request);
                await world.DeviceSaysAsync(new PayStatus { OrderId = order });
                await world.DeviceSaysAsync(new PayResultAck { OrderId = order, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon });
                return (order, OrderState.Paid, PayOutcome.Paid, 0);
            case "refunded in parts":
                await PayAsync(world, request);
                (await world.RefundAsync(order, 500, "a")).Refusal.ShouldBeNull();
                (await world.RefundAsync(order, 750, "b")).Refusal.ShouldBeNull();
                return (order, OrderState.Refunded, PayOutcome.Refunded, 2);
            case "refunded at the till":
                await PayAsync(world, request);
                for (var asked = 0; asked < 3; asked++)
                {
                    await world.DeviceSaysAsync(new PayRefund { OrderId = order, RefundKey = "0123456789", Amount = request.Amount, RequestedAt = World.Noon });
                    await world.PassAsync(TimeSpan.FromSeconds(4));
                }

                return (order, OrderState.Refunded, PayOutcome.Refunded, 1);
            case "refund refused":
                await PayAsync(world, request);
                world.Bank.RefundsFail = true;
                (await world.RefundAsync(order, 500)).Refusal.ShouldBeNull();
                return (order, OrderState.Paid, PayOutcome.Paid, 1);
            case "paid twice":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                world.Bank.Distort = facts => facts with { ChannelTransactionNo = "SECOND" };
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return (order, OrderState.Paid, PayOutcome.Paid, 0);
            case "wrong amount":
                await world.DeviceSaysAsync(request);
                world.Bank.Pay(order);
                world.Bank.Distort = facts => facts with { AmountFen = 1 };
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                await world.PassAsync(TimeSpan.FromMinutes(30));
                return (order, OrderState.Closing, PayOutcome.Closing, 0);
            case "paid after silence":
                await world.DeviceSaysAsync(request);
                world.Bank.AnswersAreLost = true;
                await world.PassAsync(TimeSpan.FromMinutes(30));
                world.Bank.PayLate(order);
                (await world.BankNotifiesAsync(order)).ShouldBeTrue();
                return (order, OrderState.Paid, PayOutcome.Paid, 0);
            default:
                await world.DeviceSaysAsync(new PayCancel { OrderId = order });
                await world.DeviceSaysAsync(request);
                return (order, OrderState.Closed, null, 0);
        }
    }

    private static async Task PayAsync(World world, PayRequest request)
    {
        await world.DeviceSaysAsync(request);
        world.Bank.Pay(request.OrderId);
        (await world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
    }
}
