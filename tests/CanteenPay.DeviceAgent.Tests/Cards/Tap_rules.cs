using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>Who pays how much, from which lots, and who is refused with which word.</summary>
public sealed class Tap_rules
{
    private static readonly CardTypeRules Staff = new("staff", new("职工", "Staff"));
    private static readonly CardSituation Fine = new(Samples.Rules, Samples.Account(1), Fen.Zero, Last: null, Stop: null);

    private static CardRules With(CardTypeRules type) => Samples.Rules with { CardTypes = [type] };

    private static Tap Approved(CardSituation situation, TapQuestion? question = null) =>
        TapRules.Decide(question ?? Samples.Question(1, TillRig.Noon), situation).ShouldBeOfType<TapApproved>().Tap;

    private static TapRefusal Refused(CardSituation situation, TapQuestion? question = null) =>
        TapRules.Decide(question ?? Samples.Question(1, TillRig.Noon), situation).ShouldBeOfType<TapRefused>().Why;

    private static CardSituation Counted(CardRules rules, int taps, long amount, Meal meal = Meal.Lunch) => Fine with
    {
        Rules = rules,
        Account = Samples.Account(1) with { Counters = new(Samples.Today, new Dictionary<Meal, Spent> { [meal] = new(new(amount), taps) }) },
    };

    [Fact]
    public void Subsidies_are_spent_first_the_soonest_to_end_before_the_others_and_then_cash()
    {
        var account = Samples.Account(
            1, 100_00, Samples.Subsidy("endless", 300), Samples.Subsidy("late", 200, new(2026, 12, 31)), Samples.Subsidy("b-soon", 100, Samples.Today),
            Samples.Subsidy("a-soon", 50, Samples.Today), Samples.Subsidy("over", 900, Samples.Today.AddDays(-1)));

        var tap = Approved(Fine with { Account = account });

        tap.Parts.ShouldBe(
        [
            new(Purse.Subsidy, "a-soon", new(50), new(0)), new(Purse.Subsidy, "b-soon", new(100), new(0)), new(Purse.Subsidy, "late", new(200), new(0)),
            new(Purse.Subsidy, "endless", new(300), new(0)), new(Purse.Cash, "cash", new(600), new(94_00)),
        ]);
        tap.Left.ShouldBe(new Fen(94_00));
        (tap.PostingDay, tap.Meal, tap.Price).ShouldBe((Samples.Today, Meal.Lunch, null));
    }

    [Theory]
    [InlineData(2000, "meal")]
    [InlineData(1250, "meal")]
    [InlineData(1249, "cash")]
    public void Without_spill_one_purse_pays_all_the_subsidy_if_it_can(long subsidy, string lot)
    {
        var situation = Fine with { Rules = With(Staff with { SpillsToCash = false }), Account = Samples.Account(1, 5000, Samples.Subsidy("meal", subsidy)) };

        Approved(situation).Parts.ShouldHaveSingleItem().Lot.ShouldBe(lot);
    }

    [Theory]
    [InlineData(1000, 1000, -800, 1200)]
    [InlineData(1000, 500, -800, 700)]
    [InlineData(1000, 500, -1600, 0)]
    [InlineData(-300, 1000, 0, 700)]
    public void What_a_lot_is_below_zero_can_be_spent_nowhere(long cash, long subsidy, long owed, long spendable)
    {
        var spending = Spending.Of(Samples.Account(1, cash, Samples.Subsidy("a", subsidy), Samples.Subsidy("old", owed, new(2020, 1, 1))), Samples.Today);

        spending.Total.ShouldBe(new Fen(spendable));
        spending.Take(new(spendable + 1), spills: true).ShouldBeNull();
        (spending.Take(new(spendable), spills: true) ?? []).Sum(part => part.Amount.Value).ShouldBe(spendable);
    }

    [Theory]
    [InlineData(1250, 8_000, 1000)]
    [InlineData(1, 5_000, 1)]
    [InlineData(3, 5_000, 2)]
    [InlineData(1, 4_999, 0)]
    [InlineData(99_999_99, 10_000, 99_999_99)]
    public void A_discount_is_rounded_half_up_to_the_fen(long price, int basisPoints, long amount)
    {
        var tap = Approved(
            Fine with { Rules = With(Staff with { PaidBasisPoints = basisPoints }) with { Unbooked = new() { PerAccount = Fen.MaxKeyed } }, Account = Samples.Account(1, Fen.MaxKeyed.Value) },
            Samples.Question(1, TillRig.Noon, price));

        (tap.Amount, tap.Price).ShouldBe((new Fen(amount), price == amount ? null : new Fen(price)));
        tap.Parts.Count.ShouldBe(1);
    }

    [Fact]
    public void The_first_taps_of_a_meal_have_their_own_price_and_reversed_ones_do_not_count()
    {
        var rules = With(Staff with { FirstTaps = 2, FirstPrice = new(100), PaidBasisPoints = 9_000 });

        Approved(Counted(rules, taps: 1, amount: 100)).Amount.ShouldBe(new Fen(100));
        Approved(Counted(rules, taps: 2, amount: 200)).Amount.ShouldBe(new Fen(1125));
        Approved(Counted(rules, taps: 5, amount: 500, Meal.Breakfast)).Amount.ShouldBe(new Fen(100), "another meal");
        var free = Approved(Fine with { Rules = With(Staff with { FirstTaps = 1 }) });
        (free.Kind, free.Price).ShouldBe((EntryKind.Debit, new Fen(1250)));
        free.Parts.ShouldBe([new(Purse.Cash, "cash", new(0), new(100_00))]);
    }

    [Fact]
    public void Each_mode_has_its_price()
    {
        Approved(Fine, Samples.Question(1, TillRig.Noon, keyed: 0, TapMode.Fixed)).Amount.ShouldBe(new Fen(1500));
        var count = Approved(Fine, Samples.Question(1, TillRig.Noon, keyed: 0, TapMode.Count));
        (count.Kind, count.Amount, count.Parts.Count).ShouldBe((EntryKind.Count, Fen.Zero, 1));
        var items = Approved(Fine, Samples.Question(1, TillRig.Noon, 900, TapMode.Item) with { Items = [new(3, 2, new(450))] });
        (items.Amount, items.Items.Count).ShouldBe((new Fen(900), 1));
        Refused(Fine, Samples.Question(1, TillRig.Noon.AddHours(11), keyed: 0, TapMode.Fixed)).ShouldBe(TapRefusal.NotSet, "the night has no price");
        TapRules.Decide(Samples.Question(1, TillRig.Noon, keyed: 0), Fine).ShouldBe(new BalanceAsked("王1", Fen.Zero, new(100_00)));
    }

    [Theory]
    [InlineData(23, 0, "2026-11-22")]
    [InlineData(25, 59, "2026-11-22")]
    [InlineData(26, 0, null)]
    [InlineData(30, 0, "2026-11-23")]
    public void A_meal_that_goes_over_midnight_belongs_to_the_day_on_which_it_began(int hour, int minute, string? day)
    {
        var question = Samples.Question(1, TillRig.Noon.Date.AddHours(hour).AddMinutes(minute) is var at ? new(at, BusinessDay.Offset) : default);

        if (day is null)
            Refused(Fine, question).ShouldBe(TapRefusal.OutsideMeal);
        else
            Approved(Fine, question).PostingDay.ShouldBe(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Limits_are_kept_to_the_fen_and_to_the_tap()
    {
        var limits = new SpendLimits { PerTap = new(1250), MealAmount = new(3000), MealTaps = 3, DayAmount = new(4000), DayTaps = 4 };
        var rules = With(Staff with { Limits = limits });

        Approved(Counted(rules, taps: 2, amount: 1750));
        Refused(Counted(rules, taps: 0, amount: 0), Samples.Question(1, TillRig.Noon, 1251)).ShouldBe(TapRefusal.OverTapLimit);
        Refused(Counted(rules, taps: 3, amount: 0)).ShouldBe(TapRefusal.OverCountLimit);
        Refused(Counted(rules, taps: 4, amount: 0, Meal.Breakfast)).ShouldBe(TapRefusal.OverCountLimit);
        Refused(Counted(rules, taps: 2, amount: 1751)).ShouldBe(TapRefusal.OverAmountLimit);
        Refused(Counted(rules, taps: 1, amount: 2751, Meal.Breakfast)).ShouldBe(TapRefusal.OverAmountLimit);
        var yesterday = Counted(rules, taps: 9, amount: 9000);
        Approved(yesterday with { Account = yesterday.Account! with { Counters = yesterday.Account.Counters! with { Day = Samples.Today.AddDays(-1) } } });
        Refused(yesterday with { Account = yesterday.Account! with { Counters = yesterday.Account.Counters! with { Day = Samples.Today.AddDays(1) } } })
            .ShouldBe(TapRefusal.OverCountLimit, "a machine whose clock is behind has limits, too");
    }

    [Fact]
    public void A_typed_uid_pays_only_where_that_is_allowed_and_within_both_limits()
    {
        var typed = Samples.Question(1, TillRig.Noon) with { TypedUid = true };

        Refused(Fine, typed).ShouldBe(TapRefusal.TypedUidOff);
        Refused(Fine with { Rules = Samples.Rules with { TypedUid = new() { PerTap = new(1249) } } }, typed).ShouldBe(TapRefusal.OverTapLimit);
        Approved(Fine with { Rules = Samples.Rules with { TypedUid = new() { PerTap = new(1250) } } }, typed).TypedUid.ShouldBeTrue();
        Refused(Fine with { Rules = With(Staff with { Limits = new() { PerTap = new(1) } }) with { TypedUid = new() } }, typed).ShouldBe(TapRefusal.OverTapLimit);
    }

    [Fact]
    public void Of_several_reasons_the_first_in_the_order_of_the_counter_is_said()
    {
        // Every reason at once; then each is put right, and the next one is said.
        var account = Samples.Account(1, 0) with { Cards = [new(Samples.CardNoOf(1), CardState.Lost)], State = AccountState.Closing, CardType = "gone" };
        var rules = Samples.Rules with
        {
            Meals = [],
            Unbooked = new() { PerAccount = new(100) },
            CardTypes = [Staff with { Limits = new() { PerTap = new(1), MealTaps = 0, MealAmount = new(1) } }],
        };
        var situation = new CardSituation(rules, Account: null, new(5000), Last: null, TapRefusal.StoreFull);
        var question = Samples.Question(1, TillRig.Noon, keyed: 0) with { TypedUid = true };

        Refused(situation, question).ShouldBe(TapRefusal.StoreFull);
        situation = situation with { Stop = null };
        Refused(situation, question).ShouldBe(TapRefusal.TypedUidOff);
        question = question with { TypedUid = false };
        Refused(situation, question).ShouldBe(TapRefusal.UnknownCard);
        situation = situation with { Account = account };
        Refused(situation, question).ShouldBe(TapRefusal.LostCard);
        situation = situation with { Account = account = account with { Cards = [new(Samples.CardNoOf(1), CardState.Active)] } };
        Refused(situation, question).ShouldBe(TapRefusal.CancelledCard);
        situation = situation with { Account = account = account with { State = AccountState.Active } };
        Refused(situation, question).ShouldBe(TapRefusal.NotSet);
        situation = situation with { Account = account = account with { CardType = "staff" } };
        Refused(situation, question).ShouldBe(TapRefusal.OutsideMeal);
        situation = situation with { Rules = rules = rules with { Meals = Samples.Rules.Meals } };
        TapRules.Decide(question, situation).ShouldBeOfType<BalanceAsked>();
        question = question with { Keyed = new(1250) };
        Refused(situation, question).ShouldBe(TapRefusal.OverTapLimit);
        situation = situation with { Rules = rules = rules with { CardTypes = [Staff with { Limits = new() { MealTaps = 0, MealAmount = new(1) } }] } };
        Refused(situation, question).ShouldBe(TapRefusal.OverCountLimit);
        situation = situation with { Rules = rules = rules with { CardTypes = [Staff with { Limits = new() { MealAmount = new(1) } }] } };
        Refused(situation, question).ShouldBe(TapRefusal.OverAmountLimit);
        situation = situation with { Rules = rules = rules with { CardTypes = [Staff] } };
        Refused(situation, question).ShouldBe(TapRefusal.NotEnough);
        situation = situation with { Account = Samples.Account(1) };
        Refused(situation, question).ShouldBe(TapRefusal.OverUnbookedCap);
        Refused(Fine with { Rules = null }).ShouldBe(TapRefusal.NotOffered);
        Refused(Fine with { Account = Samples.Account(2) }).ShouldBe(TapRefusal.UnknownCard);
        Refused(Fine with { Account = Samples.Account(1) with { Cards = [new(Samples.CardNoOf(1), CardState.Cancelled)] } }).ShouldBe(TapRefusal.CancelledCard);
    }

    [Fact]
    public void The_same_card_within_3_seconds_is_debited_once_unless_that_was_taken_back()
    {
        var last = Approved(Fine);
        var again = Samples.Question(1, TillRig.Noon.AddSeconds(2.9));

        TapRules.Decide(again, Fine with { Last = last }).ShouldBe(new TapRepeated(last));
        TapRules.Decide(again, Fine with { Last = last, Stop = TapRefusal.StoreFull }).ShouldBe(new TapRepeated(last), "it was approved, whatever is wrong since");
        Approved(Fine with { Last = last }, Samples.Question(1, TillRig.Noon.AddSeconds(3)));
        TapRules.Decide(Samples.Question(1, TillRig.Noon.AddHours(1)), Fine with { Last = last, SinceLast = TimeSpan.FromSeconds(1) }).ShouldBe(new TapRepeated(last));
        Approved(Fine with { Last = last with { Kind = EntryKind.Reversal } }, again);
        Approved(Fine with { Last = last with { CardNo = Samples.CardNoOf(9) } }, again);
    }

    [Fact]
    public void The_last_tap_is_taken_back_lot_by_lot_within_2_minutes_and_once()
    {
        var account = Samples.Account(1, 100_00, Samples.Subsidy("meal", 1000));
        var tap = Approved(Fine with { Account = account, Rules = With(Staff with { PaidBasisPoints = 9_000 }) });
        var view = TapEntries.Of(tap).Aggregate(account, AccountView.Apply);
        var id = TapId.New(Crockford.Random);

        var reversal = TapRules.Undo(tap, id, tap.At.AddMinutes(2), view, offline: true).Reversal.ShouldNotBeNull();

        (reversal.Id, reversal.Kind, reversal.Reverses, reversal.Offline, reversal.PostingDay, reversal.Meal).ShouldBe((id, EntryKind.Reversal, tap.Id, true, tap.PostingDay, tap.Meal));
        reversal.Parts.ShouldBe([new(Purse.Subsidy, "meal", new(1000), new(1000)), new(Purse.Cash, "cash", new(125), new(100_00))]);
        var back = TapEntries.Of(reversal).Aggregate(view, AccountView.Apply);
        back.Counters!.Total.ShouldBe(default);
        back.Purses.ShouldBe(account.Purses);
        TapRules.Undo(reversal, id, tap.At, view, offline: false).ShouldBe((null, UndoRefusal.Nothing));
        TapRules.Undo(null, id, tap.At, view, offline: false).ShouldBe((null, UndoRefusal.Nothing));
        TapRules.Undo(tap, id, tap.At.AddMinutes(2).AddMilliseconds(1), view, offline: false).ShouldBe((null, UndoRefusal.TooLate));
    }
}
