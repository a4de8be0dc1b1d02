using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Taps;

/// <summary>A card on the reader of a free till.</summary>
public sealed class Till_taps
{
    private readonly TillRig rig = TillRig.Online();
    private readonly CardBook cards;

    public Till_taps() => cards = new CardBook(rig).In(TapMode.Free);

    [Fact]
    public void A_card_pays_what_was_keyed_and_the_tap_is_stored_before_it_is_spoken_of()
    {
        rig.Keys("12.50");

        var effects = cards.Tap(CardBook.Rich);

        var stored = effects[0].ShouldBeOfType<StoreTap>().Tap;
        (stored.Amount, stored.CardNo, stored.Mode).ShouldBe((new Fen(1250), CardBook.Rich, TapMode.Free));
        effects[1].ShouldBeOfType<SpeakTap>().Utterance.Words.ShouldBe("消费十二点五元");
        cards.Approved.ShouldBe(stored);
        cards.Balance(CardBook.Rich).ShouldBe(new Fen(10_800 - 1250));
    }

    [Fact]
    public void The_next_card_finds_nothing_keyed_and_is_shown_its_balance()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Rich);

        cards.Tap(CardBook.Poor).ShouldBeEmpty();

        cards.Shown.Decision.ShouldBe(new BalanceAsked("李四", Fen.Zero, new(300)));
        rig.State.PreviousTap.ShouldBe(cards.Journal.Single());
    }

    [Fact]
    public void A_key_after_a_tap_begins_the_next_amount_and_the_tap_goes_to_the_line()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Rich);

        rig.Keys("8");

        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("8");
        rig.State.PreviousTap.ShouldBe(cards.Journal.Single());
    }

    [Fact]
    public void A_tap_leaves_the_screen_by_itself()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Rich);

        rig.Passes(8);

        rig.State.Face.ShouldBe(Keying.Empty);
        rig.State.PreviousTap.ShouldBe(cards.Journal.Single());
    }

    [Theory]
    [InlineData("0BADC0DE", TapRefusal.UnknownCard, "非法卡")]
    [InlineData("04FFEEDD", TapRefusal.LostCard, "挂失卡")]
    [InlineData("04D4E5F6", TapRefusal.NotEnough, "余额不足")]
    public void A_refusal_says_why_and_stores_nothing(string card, object why, string words)
    {
        rig.Keys("12.50");

        var said = cards.Tap(CardNo.Parse(card)).ShouldHaveSingleItem().ShouldBeOfType<SpeakTap>();

        cards.Shown.Decision.ShouldBeOfType<TapRefused>().Why.ShouldBe((TapRefusal)why);
        (said.Utterance.Words, said.TapId).ShouldBe((words, null));
        said.NotAfter.ShouldBe(rig.Now + rig.Limits.SpeakTapWithin);
    }

    [Fact]
    public void What_a_refused_card_did_not_pay_another_card_pays()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Poor);

        cards.Tap(CardBook.Rich);

        cards.Approved.Amount.ShouldBe(new Fen(1250));
    }

    [Fact]
    public void What_a_refused_card_did_not_pay_a_phone_pays()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Poor);

        rig.Pay().ShouldHaveSingleItem().ShouldBeOfType<Save>().Order.Amount.ShouldBe(new Fen(1250));
    }

    [Fact]
    public void A_refused_amount_does_not_wait_for_the_next_diner()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Poor);

        rig.Passes(8);

        rig.State.Face.ShouldBe(Keying.Empty);
        cards.Tap(CardBook.Rich).ShouldBeEmpty();
        cards.Shown.Decision.ShouldBeOfType<BalanceAsked>();
    }

    [Fact]
    public void The_same_card_again_is_shown_once_more_debited_and_spoken_of_once()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Rich);
        rig.Passes(1);

        cards.Tap(CardBook.Rich).ShouldBeEmpty();

        cards.Shown.Decision.ShouldBe(new TapRepeated(cards.Journal.Single()));
    }

    [Fact]
    public void The_same_card_again_while_the_next_amount_is_keyed_leaves_that_alone()
    {
        rig.Keys("12.50");
        cards.Tap(CardBook.Rich);
        rig.Passes(1);
        rig.Keys("8");

        cards.Tap(CardBook.Rich).ShouldBeEmpty();

        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("8");
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.CardRepeated);
    }

    [Fact]
    public void A_card_that_left_too_early_asks_to_be_tapped_again_and_what_was_keyed_stays()
    {
        rig.Keys("12.50");

        var said = rig.Happens(new CardLeft(rig.Now)).ShouldHaveSingleItem().ShouldBeOfType<SpeakTap>();

        said.Utterance.Words.ShouldBe("请重新刷卡");
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.TapAgain);
        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.50");
    }

    [Fact]
    public void A_card_while_a_QR_is_up_is_told_so_and_the_QR_stays()
    {
        rig.ShowQr();
        var before = rig.State;

        var said = cards.Tap(CardBook.Rich).ShouldHaveSingleItem().ShouldBeOfType<SpeakTap>();

        said.Utterance.Words.ShouldBe("请先取消");
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.CancelFirst);
        rig.State.ShouldBe(before with { Notice = rig.State.Notice });
    }

    [Fact]
    public void A_card_while_the_manager_is_asked_pays_nothing_and_his_step_stays()
    {
        rig.PaidOrder();
        rig.PressRefund();
        var before = rig.State.Face;

        cards.Tap(CardBook.Rich).OfType<StoreTap>().ShouldBeEmpty();

        rig.State.Face.ShouldBe(before);
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.ManagerFirst);
    }

    [Fact]
    public void A_card_puts_a_paid_order_into_the_line_and_the_list_away()
    {
        var order = rig.PaidOrder();
        rig.Happens(new ListPressed(rig.Now));

        cards.Tap(CardBook.Rich);

        rig.State.ListUntil.ShouldBeNull();
        rig.State.Previous!.Id.ShouldBe(order.Id);
        cards.Shown.Decision.ShouldBeOfType<BalanceAsked>();
    }

    [Fact]
    public void A_card_does_not_pay_an_amount_that_the_list_covers()
    {
        rig.Keys("12.50");
        rig.Happens(new ListPressed(rig.Now));

        cards.Tap(CardBook.Rich).OfType<StoreTap>().ShouldBeEmpty();

        rig.State.ListUntil.ShouldBeNull();
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.TapAgain);
        cards.Tap(CardBook.Rich);
        cards.Approved.Amount.ShouldBe(new Fen(1250));
    }

    [Fact]
    public void A_tap_that_could_not_be_stored_is_not_shown_and_what_was_keyed_stays()
    {
        rig.Keys("12.50");

        var shown = new Till(rig.Limits).Unstored(rig.State, cards.Event(CardBook.Rich));

        shown.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.50");
        shown.Notice!.Value.Notice.ShouldBe(Notice.Fault);
        new Till(rig.Limits).FaultWords(rig.Now).Utterance.Words.ShouldBe("本机故障");
    }

    [Fact]
    public void A_tap_that_could_not_be_stored_does_not_look_like_the_one_before()
    {
        rig.Keys("5");
        cards.Tap(CardBook.Rich);
        rig.Passes(4);

        var shown = new Till(rig.Limits).Unstored(rig.State, cards.Event(CardBook.Poor));

        shown.Face.ShouldBe(Keying.Empty);
        shown.PreviousTap.ShouldBe(cards.Journal.Single());
    }

    [Fact]
    public void A_merchant_without_cards_refuses_them_in_words()
    {
        var none = TillRig.Online();

        none.Happens(new CardPresented(
            none.Now, TillTaps.Question(none.State, CardBook.Rich, TapId.New(Crockford.Random), none.Now, typed: false), new(null, null, Fen.Zero, null, null)));

        none.State.Face.ShouldBeOfType<TapShown>().Decision.ShouldBeOfType<TapRefused>().Why.ShouldBe(TapRefusal.NotOffered);
    }

    [Fact]
    public void After_a_restart_the_line_is_about_the_last_tap_unless_an_order_is_newer_and_nothing_is_said()
    {
        rig.Keys("5");
        cards.Tap(CardBook.Rich);
        var tap = cards.Journal.Single();
        var older = ManyOrders.Order(OrderStage.Paid, minute: -1);
        var newer = ManyOrders.Order(OrderStage.Paid, minute: 1);

        Till.Recover([], older, lastTap: tap).State.PreviousTap.ShouldBe(tap);
        Till.Recover([], newer, lastTap: tap).State.PreviousTap.ShouldBeNull();
        Till.Recover([], null, lastTap: tap).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void News_that_moved_money_takes_the_line_from_a_tap_and_other_news_does_not()
    {
        var order = rig.ShowQr();
        rig.Passes(1);
        rig.Happens(new CancelPressed(rig.Now));
        rig.Keys("5");
        cards.Tap(CardBook.Rich);
        rig.Keys("1");

        rig.Result(order, PayOutcome.Closing);
        rig.State.PreviousTap.ShouldNotBeNull();
        rig.Result(order, PayOutcome.Paid);

        rig.State.PreviousTap.ShouldBeNull();
        rig.State.Previous!.Stage.ShouldBe(OrderStage.Paid);
    }

    [Fact]
    public void Refund_is_not_about_an_order_that_the_line_does_not_show()
    {
        rig.PaidOrder();
        rig.Keys("5");
        cards.Tap(CardBook.Rich);
        rig.State.RefundTarget.ShouldBeNull();
        rig.Passes(8);

        rig.State.RefundTarget.ShouldBeNull();
    }
}
