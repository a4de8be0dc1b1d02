using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>What keys do.</summary>
public sealed class Till_keys
{
    [Theory]
    [InlineData("12.50", "12.50", 1250)]
    [InlineData("12.505", "12.50", 1250)]
    [InlineData("007", "7", 700)]
    [InlineData("0.05", "0.05", 5)]
    [InlineData("00.5", "0.5", 50)]
    [InlineData(".5", "0.5", 50)]
    [InlineData("1..5", "1.5", 150)]
    [InlineData("12.", "12.", 1200)]
    [InlineData("999999", "99999", 9_999_900)]
    [InlineData("99999.999", "99999.99", 9_999_999)]
    public void Keys_build_an_amount_of_at_most_two_decimals_and_99999_99(string keys, string shown, long fen)
    {
        var keying = TillRig.Online().Keys(keys).State.Face.ShouldBeOfType<Keying>();

        keying.Amount.Text.ShouldBe(shown);
        keying.Amount.Amount.ShouldBe(new Fen(fen));
    }

    [Fact]
    public void Backspace_takes_back_one_key_and_clear_all()
    {
        var rig = TillRig.Online().Keys("12.5");

        rig.Happens(new BackspacePressed(rig.Now));
        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.");
        rig.Happens(new ClearPressed(rig.Now));
        rig.State.Face.ShouldBe(Keying.Empty);
        rig.Happens(new BackspacePressed(rig.Now));
        rig.State.Face.ShouldBe(Keying.Empty);
    }

    [Fact]
    public void Cloud_pay_stores_the_order_with_its_request_and_waits_for_a_QR()
    {
        var rig = TillRig.Online().Keys("12.50");

        var save = rig.Pay().ShouldHaveSingleItem().ShouldBeOfType<Save>();

        save.Unanswered.ShouldBe(Unanswered.Request);
        save.Order.Amount.ShouldBe(new Fen(1250));
        save.Order.Id.Merchant.ShouldBe(TillRig.Merchant);
        rig.State.Face.ShouldBeOfType<WaitingForQr>().Order.ShouldBe(save.Order);
    }

    [Fact]
    public void Cloud_pay_without_a_link_says_so_at_once_and_stores_nothing()
    {
        var rig = new TillRig().Keys("12.50");

        rig.Pay().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.Offline);
        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.50");
        rig.Passes(rig.Limits.NoticeStays.TotalSeconds);
        rig.State.Notice.ShouldBeNull();
    }

    [Fact]
    public void Cloud_pay_of_nothing_says_that_the_amount_must_not_be_0()
    {
        var rig = TillRig.Online().Keys("0.00");

        rig.Pay().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.NoAmount);
    }

    [Fact]
    public void A_full_outbox_makes_no_order()
    {
        var rig = TillRig.Online().Keys("1");

        rig.Happens(new PayPressed(rig.Now, Fresh: null)).ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.OutboxFull);
    }

    [Fact]
    public void Keys_do_nothing_while_a_diner_pays_except_cancel()
    {
        var rig = TillRig.Online();
        rig.ShowQr();
        var before = rig.State;

        rig.Keys("5.");
        rig.Happens(new ClearPressed(rig.Now));
        rig.Happens(new BackspacePressed(rig.Now));
        rig.Happens(new ListPressed(rig.Now));
        rig.Pay();

        rig.State.ShouldBe(before);
    }

    [Fact]
    public void The_next_key_after_a_result_starts_the_next_amount()
    {
        var rig = TillRig.Online();
        rig.Result(rig.ShowQr(), PayOutcome.Paid);

        rig.Keys("8");

        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("8");
    }

    [Fact]
    public void Enter_after_a_result_only_takes_it_away()
    {
        var rig = TillRig.Online();
        rig.Result(rig.ShowQr(), PayOutcome.Paid);

        rig.Pay().ShouldBeEmpty();

        rig.State.Face.ShouldBe(Keying.Empty);
        rig.State.Notice.ShouldBeNull();
    }

    [Fact]
    public void The_list_closes_by_its_key_by_any_other_and_by_itself()
    {
        var rig = TillRig.Online();

        rig.Happens(new ListPressed(rig.Now));
        rig.State.ListUntil.ShouldNotBeNull();
        rig.Happens(new ListPressed(rig.Now));
        rig.State.ListUntil.ShouldBeNull();
        rig.Happens(new ListPressed(rig.Now));
        rig.Keys("1").State.ListUntil.ShouldBeNull();
        rig.Happens(new ListPressed(rig.Now));
        rig.Passes(20);
        rig.State.ListUntil.ShouldBeNull();
    }
}
