using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>Whatever an account holds and however the rules are set: nothing is spent that is not there, and no limit is passed.</summary>
public sealed class Tap_properties
{
    private static readonly Gen<Fen?> Limit = Gen.Frequency((3, Gen.Constant<Fen?>(null)), (2, Gen.Choose(0, 6000).Select(fen => (Fen?)new Fen(fen))));
    private static readonly Gen<int?> Count = Gen.Frequency((3, Gen.Constant<int?>(null)), (2, Gen.Choose(0, 4).Select(taps => (int?)taps)));

    private static readonly Gen<SpendLimits> Limits =
        from perTap in Limit
        from mealAmount in Limit
        from mealTaps in Count
        from dayAmount in Limit
        from dayTaps in Count
        select new SpendLimits { PerTap = perTap, MealAmount = mealAmount, MealTaps = mealTaps, DayAmount = dayAmount, DayTaps = dayTaps };

    private static readonly Gen<CardAccount> Account =
        from cash in Gen.Choose(-500, 8000)
        from lots in Gen.Choose(-300, 2000).Two().Select(pair => pair).ArrayOf()
        select Samples.Account(
            1, cash, lots.Take(6).Select((lot, index) => Samples.Subsidy($"lot{index}", lot.Item1, lot.Item2 < 0 ? null : Samples.Today.AddDays(lot.Item2 % 5 - 1))));

    private static readonly Gen<CardRules> Rules =
        from paid in Gen.Choose(1, 10_000)
        from first in Gen.Choose(0, 2)
        from firstPrice in Gen.Choose(0, 500)
        from spills in Gen.Elements(true, false)
        from limits in Limits
        from cap in Gen.Choose(0, 9000)
        select Samples.Rules with
        {
            Unbooked = new() { PerAccount = new(cap) },
            CardTypes =
            [
                new("staff", new("职工", "Staff")) { PaidBasisPoints = paid, FirstTaps = first, FirstPrice = new(firstPrice), SpillsToCash = spills, Limits = limits },
            ],
        };

    private static readonly Gen<(int Keyed, TapMode Mode, bool Undo)> Step =
        from keyed in Gen.Choose(1, 3000)
        from mode in Gen.Elements(TapMode.Free, TapMode.Free, TapMode.Fixed, TapMode.Count)
        from undo in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select (keyed, mode, undo);

    [Fact]
    public void Nothing_is_spent_that_is_not_there_and_no_limit_is_passed() => Prop.ForAll(
        (from account in Account
         from rules in Rules
         from steps in Step.ListOf(12)
         select (account, rules, steps)).ToArbitrary(),
        given => Walk(given.account, given.rules, given.steps)).QuickCheckThrowOnFailure();

    private static void Walk(CardAccount told, CardRules rules, IEnumerable<(int Keyed, TapMode Mode, bool Undo)> steps)
    {
        var (view, type, at, unbooked, last) = (told, rules.CardTypes[0], TillRig.Noon, Fen.Zero, (Tap?)null);
        foreach (var (keyed, mode, undo) in steps)
        {
            at = at.AddSeconds(4);
            var before = Spending.Of(view, Samples.Today);
            var decision = TapRules.Decide(Samples.Question(1, at, keyed, mode), new(rules, view, unbooked, last, Stop: null));
            var tap = undo ? TapRules.Undo(last, TapId.New(Crockford.Random), at, view, offline: false).Reversal : (decision as TapApproved)?.Tap;
            if (tap is null)
                continue;
            tap.Parts.Sum(part => part.Amount.Value).ShouldBe(tap.Amount.Value);
            tap.Parts.ShouldAllBe(part => part.Amount >= Fen.Zero && (part.Amount > Fen.Zero || tap.Parts.Count == 1));
            var after = TapEntries.Of(tap).Aggregate(view, AccountView.Apply);
            tap.Parts.ShouldAllBe(part => after.Purses.First(lot => lot.Lot == part.Lot).Balance == part.BalanceAfter);
            Spending.Of(after, Samples.Today).Total.ShouldBe(tap.Left);
            unbooked -= tap.Parts.Aggregate(Fen.Zero, (sum, part) => sum + (tap.Kind == EntryKind.Reversal ? part.Amount : Fen.Zero - part.Amount));
            if (tap.Kind != EntryKind.Reversal)
                Check(view, before, after, tap, type, unbooked, rules);
            (view, last) = (after, tap);
        }
    }

    private static void Check(CardAccount view, Spending before, CardAccount after, Tap tap, CardTypeRules type, Fen unbooked, CardRules rules)
    {
        tap.Amount.ShouldBeLessThanOrEqualTo(before.Total);
        after.Counters!.At(Meal.Lunch).Taps.ShouldBe((view.Counters?.At(Meal.Lunch).Taps ?? 0) + 1);
        (tap.Amount > type.Limits.PerTap).ShouldBeFalse();
        if (tap.Amount > Fen.Zero)
        {
            type.Limits.Allow(after.Counters, Meal.Lunch).ShouldBeTrue();
            unbooked.ShouldBeLessThanOrEqualTo(rules.Unbooked.PerAccount);
        }

        foreach (var part in tap.Parts.Where(part => part.Amount > Fen.Zero))
        {
            part.BalanceAfter.ShouldBeGreaterThanOrEqualTo(Fen.Zero);
            (view.Purses.First(lot => lot.Lot == part.Lot).ValidUntil < tap.PostingDay).ShouldBeFalse();
        }

        // No lot is touched while one that ends sooner holds anything, unless what is owed forbids it.
        var spent = tap.Parts.Where(part => part.Purse == Purse.Subsidy).Select(part => after.Purses.First(lot => lot.Lot == part.Lot)).ToList();
        spent.Take(spent.Count - 1).ShouldAllBe(lot => lot.Balance == Fen.Zero);
        spent.Select(lot => lot.ValidUntil ?? DateOnly.MaxValue).ShouldBeInOrder();
    }
}
