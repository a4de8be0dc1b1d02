using CanteenPay.Lunch.Diners;
using CanteenPay.Protocol;
using FsCheck.Fluent;

namespace CanteenPay.Lunch.Tests.Diners;

public sealed class Lunch_plans
{
    private static readonly TimeSpan Hour = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan QrLife = TimeSpan.FromSeconds(120);

    [Fact]
    public void The_same_seed_draws_the_same_lunch() => Holds(seed => Draw(seed).Diners.SequenceEqual(Draw(seed).Diners));

    [Fact]
    public void Another_seed_draws_another_lunch() => Draw(1).Diners.ShouldNotBe(Draw(2).Diners);

    [Fact]
    public void Diners_come_in_turn_while_the_doors_are_open() => Holds(seed =>
    {
        var diners = Draw(seed).Diners;
        return diners.Select(diner => diner.ArrivesAt).SequenceEqual(diners.Select(diner => diner.ArrivesAt).Order())
            && diners.Select(diner => diner.Number).SequenceEqual(Enumerable.Range(1, diners.Length))
            && diners.All(diner => diner.ArrivesAt >= TimeSpan.Zero && diner.ArrivesAt < Hour);
    });

    [Fact]
    public void Every_amount_can_be_keyed_and_no_refund_is_more_than_was_paid() => Holds(seed => Draw(seed).Diners.All(diner =>
        diner.Amount.IsKeyable && (diner.Refund is not { } refund || refund.Amount > Fen.Zero && refund.Amount <= diner.Amount)));

    [Fact]
    public void Everybody_goes_to_a_machine_that_there_is_and_each_machine_is_gone_to() => Holds(seed =>
        Draw(seed).Diners.Select(diner => diner.Machine).Distinct().Order().SequenceEqual([0, 1, 2]));

    [Fact]
    public void Late_payers_are_late_and_nobody_else_is() => Holds(seed => Draw(seed).Diners.All(diner => diner.Habit switch
    {
        Habit.PaysAfterCancel => diner.LateBy > TimeSpan.Zero,
        Habit.PaysAfterExpiry => diner.LateBy > QrLife,
        _ => diner.LateBy == TimeSpan.Zero,
    }));

    [Fact]
    public void Nobody_who_does_not_pay_gets_money_back() => Holds(seed => Draw(seed).Diners.All(diner =>
        diner.Refund is null || diner.Habit is Habit.Pays or Habit.PaysAfterCancel));

    [Fact]
    public void When_everyone_pays_everyone_pays() => Holds(seed => LunchPlan.Draw(new(Hour, 24), machines: 3, everyonePays: true, seed).Diners.All(diner =>
        diner is { Habit: Habit.Pays, Card: null, Refund: null } or { Habit: Habit.Taps, Card: not null, Refund: null }));

    [Fact]
    public void Whoever_taps_has_a_card_that_there_is_and_nobody_else_has_one() => Holds(seed => Draw(seed).Diners.All(diner =>
        (diner.Habit is Habit.Taps or Habit.TapsTwice or Habit.TapsAndUndoes) == (diner.Card is >= 0 and < LunchPlan.StaffCards)));

    [Fact]
    public void All_kinds_of_diners_come_to_a_long_lunch()
    {
        var diners = Draw(1).Diners;

        diners.Select(diner => diner.Habit).Distinct().ShouldBe(Enum.GetValues<Habit>(), ignoreOrder: true);
        diners.Select(diner => diner.Wallet).Distinct().ShouldBe([Wallet.WeChat, Wallet.Alipay], ignoreOrder: true);
        diners.ShouldContain(diner => diner.Refund != null && diner.Refund.Amount == diner.Amount);
        diners.ShouldContain(diner => diner.Refund != null && diner.Refund.Amount < diner.Amount);
    }

    [Fact]
    public void About_as_many_come_as_the_curve_says_and_most_of_them_in_the_middle()
    {
        var hour = new LunchHour(Hour, PeakPerMinute: 24);
        var lunches = Enumerable.Range(0, 20).Select(seed => hour.Arrivals(new Random(seed)).ToList()).ToList();
        var thirds = lunches.SelectMany(arrivals => arrivals).CountBy(at => (int)(at / hour.Length * 3)).ToDictionary();

        // 20 lunches of 900 diners: 3 % is four standard deviations.
        lunches.Average(arrivals => arrivals.Count).ShouldBe(hour.Expected, hour.Expected * 0.03);
        thirds[1].ShouldBeGreaterThan(thirds[0] * 3 / 2);
        thirds[1].ShouldBeGreaterThan(thirds[2] * 3 / 2);
    }

    private static LunchPlan Draw(int seed) => LunchPlan.Draw(new(Hour, PeakPerMinute: 24), machines: 3, everyonePays: false, seed);

    private static void Holds(Func<int, bool> property) => FsCheck.Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), property));
}
