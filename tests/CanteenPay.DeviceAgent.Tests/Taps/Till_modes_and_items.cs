using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Taps;

/// <summary>任意, 定额, 计次, 编号, and how a manager switches between them.</summary>
public sealed class Till_modes_and_items
{
    private readonly TillRig rig = TillRig.Online();
    private readonly CardBook cards;

    public Till_modes_and_items() => cards = new CardBook(rig);

    private Keying Keyed => rig.State.Face.ShouldBeOfType<Keying>();

    private IReadOnlyList<TillEffect> PressMode(PinLock pin = PinLock.Open) => rig.Happens(new ModePressed(rig.Now, pin));

    [Fact]
    public void With_a_fixed_price_a_card_alone_pays_the_meal()
    {
        cards.In(TapMode.Fixed).Tap(CardBook.Rich);

        (cards.Approved.Amount, cards.Approved.Meal).ShouldBe((new Fen(1200), Meal.Lunch));
        cards.Tap(CardBook.Poor);
        cards.Shown.Decision.ShouldBeOfType<TapRefused>().Why.ShouldBe(TapRefusal.NotEnough);
    }

    [Fact]
    public void With_a_fixed_price_a_phone_pays_the_meal_too_or_what_was_keyed()
    {
        cards.In(TapMode.Fixed);
        rig.Pay().ShouldHaveSingleItem().ShouldBeOfType<Save>().Order.Amount.ShouldBe(new Fen(1200));
        rig.Happens(new CancelPressed(rig.Now));

        rig.Keys("8").Pay().ShouldHaveSingleItem().ShouldBeOfType<Save>().Order.Amount.ShouldBe(new Fen(800));
    }

    [Theory]
    [InlineData(TapMode.Free, "1")]
    [InlineData(TapMode.Item, "")]
    public void What_was_keyed_before_rules_came_stays_unless_it_means_something_else_now(TapMode mode, string left)
    {
        rig.Happens(new CardsLookedAt(rig.Now, Cards: null));
        rig.Keys("1");

        cards.In(mode);

        Keyed.Amount.Text.ShouldBe(left);
    }

    [Theory]
    [InlineData(TapMode.Fixed)]
    [InlineData(TapMode.Count)]
    public void A_card_never_pays_another_amount_than_the_one_on_the_screen(TapMode mode)
    {
        cards.In(mode);
        rig.Keys("8");

        cards.Tap(CardBook.Rich).ShouldHaveSingleItem().ShouldBeOfType<SpeakTap>().Utterance.Words.ShouldBe("请先清除");

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.ClearFirst);
        Keyed.Amount.Text.ShouldBe("8");
    }

    [Fact]
    public void By_count_a_card_is_counted_and_no_money_moves()
    {
        var said = cards.In(TapMode.Count).Tap(CardBook.Rich).OfType<SpeakTap>().ShouldHaveSingleItem();

        said.Utterance.Words.ShouldBe("计次成功");
        (cards.Approved.Kind, cards.Balance(CardBook.Rich)).ShouldBe((EntryKind.Count, cards.Before(CardBook.Rich)));
    }

    [Fact]
    public void Items_are_added_by_number_and_again_by_the_same_key()
    {
        cards.In(TapMode.Item);

        rig.Keys("12.1...");

        Keyed.Basket.Items.ShouldBe([new(12, 1, new(850)), new(1, 3, new(100))]);
        Keyed.ToCollect(rig.State.Cards).ShouldBe(new Fen(1150));
        cards.Tap(CardBook.Rich);
        (cards.Approved.Amount, cards.Approved.Items.Count).ShouldBe((new Fen(1150), 2));
    }

    [Fact]
    public void A_number_that_was_keyed_and_not_added_counts_because_it_is_in_the_total_on_the_screen()
    {
        cards.In(TapMode.Item);
        rig.Keys("1.12");
        Keyed.ToCollect(rig.State.Cards).ShouldBe(new Fen(950));

        rig.Pay().ShouldHaveSingleItem().ShouldBeOfType<Save>().Order.Amount.ShouldBe(new Fen(950));
    }

    [Theory]
    [InlineData("7", Notice.NoSuchItem, "请更正编号")]
    [InlineData("1.40", Notice.NoSuchItem, "请更正编号")]
    [InlineData("999.12", Notice.BasketFull, "请减少数量")]
    public void What_cannot_be_sold_is_neither_paid_by_card_nor_by_phone(string keys, object notice, string said)
    {
        cards.In(TapMode.Item);
        rig.Keys(keys);
        var before = Keyed;

        cards.Tap(CardBook.Rich).ShouldHaveSingleItem().ShouldBeOfType<SpeakTap>().Utterance.Words.ShouldBe(said);
        rig.State.Notice!.Value.Notice.ShouldBe((Notice)notice);
        rig.Pay().ShouldBeEmpty();
        rig.State.Notice!.Value.Notice.ShouldBe((Notice)notice);
        rig.Keys(".");

        rig.State.Notice!.Value.Notice.ShouldBe((Notice)notice);
        Keyed.ShouldBe(before);
    }

    [Fact]
    public void Backspace_takes_back_a_digit_then_one_of_the_last_item()
    {
        cards.In(TapMode.Item);
        rig.Keys("1..12");

        IReadOnlyList<SoldItem> Back()
        {
            rig.Happens(new BackspacePressed(rig.Now));
            return Keyed.Basket.Items;
        }

        Back().ShouldBe([new(1, 3, new(100))], "the 1 that is left of 12 is an item");
        Back().ShouldBe([new(1, 2, new(100))]);
        Back().ShouldBe([new(1, 1, new(100))]);
        Back().ShouldBeEmpty();
        rig.State.Face.ShouldBe(Keying.Empty);
    }

    [Fact]
    public void No_more_than_ninety_nine_of_an_item()
    {
        cards.In(TapMode.Item);
        rig.Keys("1").Keys(new string('.', 120));

        Keyed.Basket.Items.ShouldBe([new(1, Basket.MaxCount, new(100))]);
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.BasketFull);
    }

    [Fact]
    public void A_manager_switches_the_mode_and_it_is_remembered()
    {
        cards.In(TapMode.Free);

        PressMode();
        rig.State.Face.ShouldBeOfType<ChoosingMode>().Mode.ShouldBe(TapMode.Fixed);
        PressMode();
        rig.State.Face.ShouldBeOfType<ChoosingMode>().Mode.ShouldBe(TapMode.Count);
        rig.Keys("4").Pay();
        rig.State.Face.ShouldBeOfType<EnteringPin>().Purpose.ShouldBe(new AllowMode(TapMode.Item));

        rig.EnterPin().ShouldHaveSingleItem().ShouldBe(new RememberMode(TapMode.Item));

        cards.Mode.ShouldBe(TapMode.Item);
        rig.State.Face.ShouldBe(Keying.Empty);
    }

    [Fact]
    public void Switching_back_to_what_the_rules_say_follows_them_again()
    {
        cards.In(TapMode.Item);
        PressMode();
        rig.Pay();

        rig.EnterPin().ShouldHaveSingleItem().ShouldBe(new RememberMode(null));
    }

    [Fact]
    public void A_wrong_PIN_switches_nothing()
    {
        cards.In(TapMode.Free);
        PressMode();
        rig.Pay();

        rig.EnterPin(PinAnswer.Wrong).ShouldBeEmpty();

        cards.Mode.ShouldBe(TapMode.Free);
    }

    [Fact]
    public void Without_a_PIN_or_cards_or_while_it_is_locked_the_mode_stays()
    {
        PressMode();
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.CardsOff);
        cards.In(TapMode.Free);
        PressMode(PinLock.NotSet);
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.ModeOff);
        PressMode(PinLock.Locked);
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.PinLocked);
        rig.ShowQr();
        PressMode();
        rig.State.Face.ShouldBeOfType<ShowingQr>();
    }

    [Fact]
    public void What_was_keyed_in_another_mode_is_gone_when_the_office_switches()
    {
        cards.In(TapMode.Free);
        rig.Keys("12");

        cards.In(TapMode.Item);

        rig.State.Face.ShouldBe(Keying.Empty);
    }

    [Fact]
    public void The_list_key_shows_orders_then_taps_then_nothing()
    {
        cards.In(TapMode.Free);

        rig.Happens(new ListPressed(rig.Now));
        (rig.State.ListUntil is null, rig.State.ListsTaps).ShouldBe((false, false));
        rig.Happens(new ListPressed(rig.Now));
        (rig.State.ListUntil is null, rig.State.ListsTaps).ShouldBe((false, true));
        rig.Happens(new ListPressed(rig.Now));

        rig.State.ListUntil.ShouldBeNull();
    }
}
