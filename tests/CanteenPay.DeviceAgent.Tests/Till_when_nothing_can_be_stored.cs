using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>What is shown when the disk did not take what happened.</summary>
public sealed class Till_when_nothing_can_be_stored
{
    private static readonly Till Rules = new(new TillLimits());

    [Fact]
    public void No_order_is_made_and_the_keyed_amount_stays()
    {
        var rig = TillRig.Online().Keys("12.50");

        var shown = Rules.Unstored(rig.State, new PayPressed(rig.Now, rig.Fresh()));

        shown.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.50");
        shown.Notice!.Value.Notice.ShouldBe(Notice.Fault);
    }

    [Fact]
    public void A_QR_is_not_shown_and_the_till_is_free()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        var shown = Rules.Unstored(rig.State, new QrReceived(rig.Now, new PayQr { OrderId = order.Id, Amount = order.Amount, Qr = "q", ExpiresInS = 120 }, order));

        shown.OpenOnScreen.ShouldBeNull();
        (shown.Notice!.Value.Notice, shown.Previous!.Id).ShouldBe((Notice.Fault, order.Id));
    }

    [Fact]
    public void Paid_is_shown()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        var shown = Rules.Unstored(rig.State, new ResultReceived(rig.Now, rig.Now, TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid), order, rig.Fresh()));

        shown.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Paid);
    }

    [Fact]
    public void No_successor_is_shown_for_an_order_without_a_QR()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        var shown = Rules.Unstored(rig.State, new ResultReceived(rig.Now, rig.Now, TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Closing), order, rig.Fresh()));

        shown.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.NoQr);
    }
}
