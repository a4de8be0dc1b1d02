using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>Whatever keys, times and messages come, in whatever order and however often.</summary>
public sealed class Till_properties
{
    /// <summary>What a random sequence is made of; messages are about one of the orders made so far, or about none.</summary>
    private static readonly Gen<Action<TillRig, List<Order>>> Step = Gen.Frequency<Action<TillRig, List<Order>>>(
        (6, Gen.Choose(0, 10).Select(key => new Action<TillRig, List<Order>>((rig, _) => rig.Keys(key == 10 ? "." : $"{key}")))),
        (6, Gen.Constant<Action<TillRig, List<Order>>>((rig, made) => Pay(rig, made))),
        (1, Gen.Constant<Action<TillRig, List<Order>>>((rig, _) => rig.Happens(new CancelPressed(rig.Now)))),
        (1, Gen.Constant<Action<TillRig, List<Order>>>((rig, _) => rig.Happens(new ClearPressed(rig.Now)))),
        (1, Gen.Constant<Action<TillRig, List<Order>>>((rig, _) => rig.Happens(new BackspacePressed(rig.Now)))),
        (1, Gen.Constant<Action<TillRig, List<Order>>>((rig, _) => rig.Happens(new ListPressed(rig.Now)))),
        (2, Gen.Elements(0.25, 3, 8, 50, 121).Select(seconds => new Action<TillRig, List<Order>>((rig, _) => rig.Passes(seconds)))),
        (1, Gen.Elements(true, true, false).Select(online => new Action<TillRig, List<Order>>((rig, _) => rig.Happens(new LinkChanged(rig.Now, online))))),
        (5, from pick in Gen.Choose(0, 3)
            from wrong in Gen.Choose(0, 4)
            select new Action<TillRig, List<Order>>((rig, made) => About(made, pick, order => rig.Qr(order, wrong == 0 ? new Fen(77) : null)))),
        (2, from pick in Gen.Choose(0, 3)
            from code in Gen.Elements(RefusalCode.UnknownOrder, RefusalCode.RequestTooOld, RefusalCode.Cancelled)
            select new Action<TillRig, List<Order>>((rig, made) => About(made, pick, order => rig.Refuse(order, code)))),
        (8, from pick in Gen.Choose(0, 3)
            from outcome in Gen.Elements(PayOutcome.Paid, PayOutcome.Paid, PayOutcome.Closing, PayOutcome.Closed, PayOutcome.Failed, PayOutcome.Refunding, PayOutcome.Refunded)
            from wrong in Gen.Choose(0, 4)
            from say in Gen.Elements(true, true, false)
            from age in Gen.Elements<long?>(0, 30_000, 59_999, 60_000, null)
            select new Action<TillRig, List<Order>>((rig, made) => About(made, pick, order => rig.Result(order, outcome, wrong == 0 ? new Fen(77) : null, say, age)))));

    private static void Pay(TillRig rig, List<Order> made)
    {
        made.AddRange(rig.Pay().OfType<Save>().Select(save => save.Order));
    }

    private static void About(List<Order> made, int back, Func<Order, object> act)
    {
        if (made.Count > 0)
            act(made[Math.Max(0, made.Count - 1 - back)]);
    }

    private static void Holds(Action<TillRig> invariant) => Prop.ForAll(
        Step.ListOf().Where(steps => steps.Count > 0).ToArbitrary(),
        steps =>
        {
            var rig = TillRig.Online();
            List<Order> made = [];
            foreach (var step in steps)
            {
                step(rig, made);
                invariant(rig);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(100));

    [Fact]
    public void No_order_is_ever_spoken_of_twice() =>
        Holds(rig => rig.Spoken.Select(speak => speak.OrderId).Distinct().Count().ShouldBe(rig.Spoken.Count()));

    [Fact]
    public void Whatever_is_spoken_was_stored_as_spoken_before() => Holds(rig =>
    {
        foreach (var speak in rig.Spoken)
        {
            var at = rig.Effects.IndexOf(speak);
            rig.Effects.Take(at).OfType<Save>().Any(save => save.Order.Id == speak.OrderId && save.Order.Spoken).ShouldBeTrue();
        }
    });

    [Fact]
    public void Success_is_shown_and_said_only_for_an_order_that_was_reported_paid_with_its_own_amount() => Holds(rig =>
    {
        if (rig.State.Face is Ended { Ending: Ending.Paid } green)
        {
            rig.ReportedPaid.ShouldContain(green.Order.Id);
            green.Order.Disputed.ShouldBeFalse();
        }

        rig.Stored.Values.Where(order => order.Stage == OrderStage.Paid).All(order => rig.ReportedPaid.Contains(order.Id)).ShouldBeTrue();
        foreach (var speak in rig.Spoken.Where(speak => speak.Utterance.ClipIds.Contains("alipay")))
        {
            rig.ReportedPaid.ShouldContain(speak.OrderId);
            speak.Utterance.Words.ShouldEndWith(SpokenAmount.Words(rig.Stored[speak.OrderId].Amount));
        }
    });

    [Fact]
    public void A_QR_on_the_screen_is_always_that_of_the_open_order_with_its_amount() => Holds(rig =>
    {
        if (rig.State.Face is not ShowingQr showing)
            return;
        rig.Stored[showing.Order.Id].ShouldBe(showing.Order);
        rig.OfferedQr.ShouldContain(showing.Order.Id);
        showing.Order.Stage.ShouldBe(OrderStage.AwaitingPayment);
    });

    [Fact]
    public void The_keyed_amount_stays_within_its_limits() => Holds(rig =>
    {
        if (rig.State.Face is not Keying keying)
            return;
        keying.Amount.Amount.ShouldBeInRange(Fen.Zero, Fen.MaxKeyed);
        keying.Amount.Text.Length.ShouldBeLessThanOrEqualTo(8);
    });

    [Fact]
    public void An_end_state_is_left_only_by_a_refund()
    {
        Prop.ForAll(Step.ListOf().ToArbitrary(), steps =>
        {
            var rig = TillRig.Online();
            List<Order> made = [];
            foreach (var step in steps)
            {
                var ended = rig.Stored.Values.Where(order => order.IsEnded).ToList();
                step(rig, made);
                foreach (var before in ended)
                    (rig.Stored[before.Id].Stage == before.Stage || rig.Stored[before.Id].Stage is OrderStage.Refunded || before.Stage != OrderStage.Paid && rig.Stored[before.Id].Stage == OrderStage.Refunding).ShouldBeTrue();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(100));
    }

    [Fact]
    public void An_order_that_is_neither_on_the_screen_nor_ended_is_being_closed() => Holds(rig =>
    {
        foreach (var order in rig.Stored.Values.Where(order => !order.IsEnded && rig.State.OpenOnScreen?.Id != order.Id))
            (order.Stage is OrderStage.Cancelled or OrderStage.Closing or OrderStage.Refunding).ShouldBeTrue();
    });
}
