using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>Refunds at the till, whatever is keyed and in whatever order a right cloud's words come, twice or late.</summary>
public sealed class Refund_properties
{
    /// <summary>What the cloud may say about a refund; kept, so that it can come again later.</summary>
    private sealed class Cloud(TillRig rig)
    {
        private readonly List<PayRefundResult> said = [];

        public Dictionary<string, RefundProgress> Ends { get; } = [];

        public void EndOldest(bool well)
        {
            if (rig.Refunds.Values.FirstOrDefault(refund => !Ends.ContainsKey(refund.Key)) is not { } refund)
                return;
            Ends[refund.Key] = well ? RefundProgress.Refunded : RefundProgress.Refused;
            var soFar = rig.Refunds.Values.Where(other => other.OrderId == refund.OrderId && Ends.GetValueOrDefault(other.Key) == RefundProgress.Refunded).Sum(other => other.Amount.Value);
            said.Add(TillRig.RefundResultOf(refund, Ends[refund.Key], soFar: new Fen(soFar)));
        }

        public void Pend(int back) => Send(rig.Refunds.Values.ElementAtOrDefault(back) is { } refund ? TillRig.RefundResultOf(refund, RefundProgress.Pending) : null);

        public void Say(int back) => Send(said.Count > 0 ? said[Math.Max(0, said.Count - 1 - back)] : null);

        private void Send(PayRefundResult? message)
        {
            if (message is not null)
                rig.Happens(new RefundResultReceived(rig.Now, rig.Now, message, rig.Stored[message.OrderId], rig.Refunds[message.RefundKey]));
        }
    }

    private static readonly Gen<Action<TillRig, Cloud>> Step = Gen.Frequency<Action<TillRig, Cloud>>(
        (2, Gen.Elements("1", "12.50").Select(amount => new Action<TillRig, Cloud>((rig, _) => rig.PaidWhenFree(amount)))),
        (6, from back in Gen.Choose(0, 2)
            from amount in Gen.Elements("", "0.50", "1", "12")
            select new Action<TillRig, Cloud>((rig, _) => Refund(rig, back, amount))),
        (2, Gen.Constant<Action<TillRig, Cloud>>((rig, _) => rig.PressRefund())),
        (3, Gen.Choose(0, 9).Select(key => new Action<TillRig, Cloud>((rig, _) => rig.Keys($"{key}")))),
        (4, Gen.Constant<Action<TillRig, Cloud>>((rig, _) => Confirm(rig))),
        (1, Gen.Constant<Action<TillRig, Cloud>>((rig, _) => rig.Happens(new CancelPressed(rig.Now)))),
        (1, Gen.Elements(1.0, 9, 61).Select(seconds => new Action<TillRig, Cloud>((rig, _) => rig.Passes(seconds)))),
        (1, Gen.Elements(true, true, false).Select(online => new Action<TillRig, Cloud>((rig, _) => rig.Happens(new LinkChanged(rig.Now, online))))),
        (3, Gen.Elements(true, true, false).Select(well => new Action<TillRig, Cloud>((_, cloud) => cloud.EndOldest(well)))),
        (2, Gen.Choose(0, 3).Select(back => new Action<TillRig, Cloud>((_, cloud) => cloud.Pend(back)))),
        (5, Gen.Choose(0, 3).Select(back => new Action<TillRig, Cloud>((_, cloud) => cloud.Say(back)))));

    /// <summary>One of the last orders, chosen in the list; its PIN is entered, or is not.</summary>
    private static void Refund(TillRig rig, int back, string amount)
    {
        if (rig.Stored.Count == 0)
            return;
        rig.Happens(new CancelPressed(rig.Now));
        rig.Happens(new ListPressed(rig.Now));
        rig.Happens(new RowTouched(rig.Now, rig.Stored.Keys.ElementAt(Math.Max(0, rig.Stored.Count - 1 - back))));
        rig.PressRefund();
        if (rig.State.Face is not EnteringRefund)
            return;
        rig.Keys(amount);
        Confirm(rig);
        Confirm(rig);
    }

    private static void Confirm(TillRig rig)
    {
        if (rig.State.Face is EnteringPin)
            rig.EnterPin();
        else if (rig.State.Face is EnteringRefund)
            rig.Pay();
    }

    private static void Holds(Action<TillRig, Cloud> invariant)
    {
        var made = 0;
        Prop.ForAll(Step.ListOf().ToArbitrary(), steps =>
        {
            var rig = TillRig.Online();
            var cloud = new Cloud(rig);
            foreach (var step in steps)
            {
                step(rig, cloud);
                invariant(rig, cloud);
            }

            made += rig.Refunds.Count;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(100));
        made.ShouldBeGreaterThan(100, "or nothing was tried");
    }

    [Fact]
    public void Refunds_of_an_order_never_add_up_to_more_than_was_paid() => Holds((rig, cloud) =>
    {
        foreach (var order in rig.Stored.Values)
        {
            // A refusal that the machine was told of gives the amount free; one that is still on the way does not.
            var given = rig.Refunds.Values.Where(refund => refund.OrderId == order.Id && refund.Stage != RefundStage.Refused).Sum(refund => refund.Amount.Value);
            given.ShouldBeLessThanOrEqualTo(order.Amount.Value);
            order.RefundedSoFar.ShouldBeLessThanOrEqualTo(order.Amount);
        }
    });

    [Fact]
    public void An_order_has_one_refund_without_an_end_at_most() => Holds((rig, _) =>
        rig.Refunds.Values.Where(refund => !refund.IsEnded).GroupBy(refund => refund.OrderId).ShouldAllBe(group => group.Count() == 1));

    [Fact]
    public void No_refund_is_ever_spoken_of_twice_and_each_was_stored_as_spoken_before() => Holds((rig, _) =>
    {
        var spoken = rig.Spoken.Where(speak => speak.RefundKey is not null).ToList();
        spoken.Select(speak => speak.RefundKey).Distinct().Count().ShouldBe(spoken.Count);
        foreach (var speak in spoken)
            rig.Effects.Take(rig.Effects.IndexOf(speak)).OfType<SaveRefund>().Any(save => save.Refund.Key == speak.RefundKey && save.Refund.Spoken).ShouldBeTrue();
    });

    [Fact]
    public void Success_is_shown_only_for_a_refund_that_the_cloud_ended_well() => Holds((rig, cloud) =>
    {
        foreach (var refund in rig.Refunds.Values.Where(refund => refund.Stage == RefundStage.Refunded))
            cloud.Ends[refund.Key].ShouldBe(RefundProgress.Refunded);
    });
}

/// <summary>Only what these properties need.</summary>
internal static class PaidWhenFreeOnly
{
    public static void PaidWhenFree(this TillRig rig, string amount)
    {
        rig.Happens(new LinkChanged(rig.Now, Online: true));
        rig.Happens(new CancelPressed(rig.Now));
        rig.Happens(new ClearPressed(rig.Now));
        rig.PaidOrder(amount);
    }
}
