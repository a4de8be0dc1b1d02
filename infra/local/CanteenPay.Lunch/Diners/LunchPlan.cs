using System.Collections.Immutable;
using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Diners;

/// <summary>Who comes when, and what they do. The same seed draws the same lunch.</summary>
/// <param name="Length">How long the doors are open.</param>
/// <param name="Diners">In the order of arrival.</param>
internal sealed record LunchPlan(TimeSpan Length, ImmutableArray<Diner> Diners)
{
    /// <summary>Staff cards of each merchant: few, so that the same card is tapped at several machines at almost the same time.</summary>
    public const int StaffCards = 16;

    /// <summary>Of a hundred diners, those who tap a card.</summary>
    private const int Staff = 40;

    /// <summary>Draws a lunch.</summary>
    /// <param name="hour">When people come.</param>
    /// <param name="machines">How many machines they choose among.</param>
    /// <param name="everyonePays">Nobody gives up, is late or wants a refund: the end comes at once.</param>
    /// <param name="seed">Of the dice.</param>
    public static LunchPlan Draw(LunchHour hour, int machines, bool everyonePays, int seed)
    {
        var dice = new Random(seed);
        var diners = hour.Arrivals(dice).Select((at, index) => DrawDiner(dice, index + 1, at, machines, everyonePays));
        return new(hour.Length, [.. diners]);
    }

    private static Diner DrawDiner(Random dice, int number, TimeSpan at, int machines, bool everyonePays)
    {
        int? card = dice.Next(100) < Staff ? dice.Next(StaffCards) : null;
        var habit = (card, everyonePays) switch
        {
            (null, true) => Habit.Pays,
            (null, false) => DrawHabit(dice),
            (_, true) => Habit.Taps,
            _ => DrawTap(dice),
        };
        var amount = Bill.Draw(dice);
        return new()
        {
            Number = number,
            ArrivesAt = at,
            Machine = dice.Next(machines),
            Amount = amount,
            Wallet = dice.Next(100) < 60 ? Wallet.WeChat : Wallet.Alipay,
            Card = card,
            Habit = habit,
            Hesitates = Seconds(dice, 1.5, habit == Habit.WalksAway ? 20 : 5),
            LateBy = habit switch
            {
                Habit.PaysAfterCancel => Seconds(dice, 1, 60),
                Habit.PaysAfterExpiry => Seconds(dice, 121, 130),
                _ => TimeSpan.Zero,
            },
            Refund = !everyonePays && habit is Habit.Pays or Habit.PaysAfterCancel ? DrawRefund(dice, amount) : null,
        };
    }

    private static Habit DrawHabit(Random dice) => dice.Next(100) switch
    {
        < 80 => Habit.Pays,
        < 86 => Habit.GivesUp,
        < 92 => Habit.PaysAfterCancel,
        < 94 => Habit.PaysAfterExpiry,
        _ => Habit.WalksAway,
    };

    private static Habit DrawTap(Random dice) => dice.Next(100) switch
    {
        < 80 => Habit.Taps,
        < 92 => Habit.TapsTwice,
        _ => Habit.TapsAndUndoes,
    };

    /// <summary>One payment in ten: more than half of them in full.</summary>
    private static RefundWish? DrawRefund(Random dice, Fen amount) => dice.Next(10) != 0
        ? null
        : new(dice.Next(100) < 60 ? amount : new(dice.NextInt64(1, amount.Value + 1)), Seconds(dice, 3, 40), PressedTwice: dice.Next(2) == 0);

    private static TimeSpan Seconds(Random dice, double least, double most) => TimeSpan.FromSeconds(least + dice.NextDouble() * (most - least));
}
