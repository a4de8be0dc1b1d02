using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>
/// Whatever the bank answers, however late, doubled or lost, and whatever the machine says meanwhile: over the real functions, schedule and storage rules.
/// </summary>
public sealed class AnyStoryProperties
{
    private enum Happening
    {
        RequestAgain,
        Cancel,
        Ask,
        Acknowledge,
        Pay,
        Notify,
        BankFallsSilent,
        BankAnswers,
        BankSaysAnotherAmount,
        BankSaysTheRightAmount,
        FewSeconds,
        AMinute,
        FiveMinutes,
        Sweep,
    }

    [Fact]
    public void An_order_is_announced_as_paid_only_if_the_bank_holds_its_money_and_ends_or_waits_for_a_person() =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(150),
            Prop.ForAll(Gen.Elements(Enum.GetValues<Happening>()).ArrayOf().ToArbitrary(), story => TellAsync(story).GetAwaiter().GetResult()));

    private static async Task<bool> TellAsync(Happening[] story)
    {
        using var world = new World();
        var request = World.Request();
        await world.DeviceSaysAsync(request);
        var moneyHasCome = false;
        foreach (var happening in story)
        {
            moneyHasCome |= await HappenAsync(world, request, happening, moneyHasCome);
            if (!moneyHasCome && world.Results.Any(result => result.Outcome == PayOutcome.Paid))
                return false;
        }

        // A bank sends its word again for hours, and answers again in the end.
        world.Bank.AnswersAreLost = false;
        if (moneyHasCome)
            await world.BankNotifiesAsync(request.OrderId);
        for (var i = 0; i < 4; i++)
        {
            await world.SweepAsync();
            await world.PassAsync(TimeSpan.FromMinutes(10));
        }

        var order = await world.OrderAsync(request.OrderId);
        var ended = !order.State.IsOpen() || (await world.ParkedAsync()).Count > 0;
        var paidRightly = order.State != OrderState.Paid || (moneyHasCome && order.Payment is not null);
        var notLost = !moneyHasCome || order.Payment is not null || (await world.ParkedAsync()).Count > 0;
        return ended && paidRightly && notLost && (await world.GuardsAsync()).Count == 0 && world.Failures.Count == 0;
    }

    /// <summary>True when the bank took money.</summary>
    private static async Task<bool> HappenAsync(World world, PayRequest request, Happening happening, bool paid)
    {
        var order = request.OrderId;
        switch (happening)
        {
            case Happening.RequestAgain:
                await world.DeviceSaysAsync(request);
                break;
            case Happening.Cancel:
                await world.DeviceSaysAsync(new PayCancel { OrderId = order });
                break;
            case Happening.Ask:
                await world.DeviceSaysAsync(new PayStatus { OrderId = order });
                break;
            case Happening.Acknowledge when world.Results is [.., var last]:
                await world.DeviceSaysAsync(new PayResultAck { OrderId = order, Outcome = last.Outcome, Spoken = true, ShownAt = World.Noon });
                break;
            case Happening.Pay when !paid && world.Bank.Holds(order):
                world.Bank.PayLate(order);
                return true;
            case Happening.Notify when paid:
                await world.BankNotifiesAsync(order);
                break;
            case Happening.BankFallsSilent or Happening.BankAnswers:
                world.Bank.AnswersAreLost = happening == Happening.BankFallsSilent;
                break;
            case Happening.BankSaysAnotherAmount:
                world.Bank.Distort = facts => facts with { AmountFen = 1 };
                break;
            case Happening.BankSaysTheRightAmount:
                world.Bank.Distort = facts => facts;
                break;
            case Happening.FewSeconds:
                await world.PassAsync(TimeSpan.FromSeconds(4));
                break;
            case Happening.AMinute:
                await world.PassAsync(TimeSpan.FromMinutes(1));
                break;
            case Happening.FiveMinutes:
                await world.PassAsync(TimeSpan.FromMinutes(5));
                break;
            case Happening.Sweep:
                await world.SweepAsync();
                break;
        }

        return false;
    }
}
