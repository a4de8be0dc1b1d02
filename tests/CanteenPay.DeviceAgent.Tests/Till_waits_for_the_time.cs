using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>Cloud pay before the cloud has told its time: an order with the date of a wrong clock would be refused.</summary>
public sealed class Till_waits_for_the_time
{
    private static TillRig Waiting()
    {
        var rig = TillRig.Online().Keys("12.50");
        rig.Happens(new PayPressed(rig.Now, rig.Fresh(), TimeKnown: false)).ShouldBeEmpty();
        rig.State.Face.ShouldBeOfType<WaitingForTime>();
        return rig;
    }

    private static IReadOnlyList<TillEffect> After(TillRig rig, double seconds, bool known, bool hasRoom = true) =>
        rig.Happens(new Ticked(rig.Now.AddSeconds(seconds), hasRoom ? rig.Fresh() : null, known));

    [Fact]
    public void The_order_is_made_when_the_time_is_known_and_its_QR_is_waited_for_from_the_key_on()
    {
        var rig = Waiting();

        After(rig, 1, known: false).ShouldBeEmpty();
        After(rig, 2, known: true).ShouldHaveSingleItem().ShouldBeOfType<Save>().Unanswered.ShouldBe(Unanswered.Request);

        rig.State.Face.ShouldBeOfType<WaitingForQr>().Until.ShouldBe(rig.Now.AddSeconds(8));
    }

    [Fact]
    public void After_3_seconds_the_machine_s_own_time_must_do()
    {
        var rig = Waiting();

        After(rig, 2.9, known: false).ShouldBeEmpty();

        After(rig, 3, known: false).ShouldHaveSingleItem().ShouldBeOfType<Save>();
    }

    [Fact]
    public void A_link_that_goes_meanwhile_is_said_and_the_amount_stays()
    {
        var rig = Waiting();
        rig.Happens(new LinkChanged(rig.Now, Online: false));

        After(rig, 1, known: true).ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.Offline);
        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.50");
    }

    [Fact]
    public void A_full_outbox_makes_no_order()
    {
        var rig = Waiting();

        After(rig, 1, known: true, hasRoom: false).ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.OutboxFull);
    }

    [Fact]
    public void Keys_do_nothing_meanwhile_except_cancel()
    {
        var rig = Waiting();
        var before = rig.State;

        rig.Keys("5.");
        rig.Pay();
        rig.Happens(new ListPressed(rig.Now));
        rig.PressRefund();
        rig.State.ShouldBe(before);

        rig.Happens(new CancelPressed(rig.Now)).ShouldBeEmpty();
        rig.State.Face.ShouldBe(Keying.Empty);
    }
}
