using CanteenPay.Protocol;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Stories;

/// <summary>How staff cards pay in a story.</summary>
internal static class CardStoryRules
{
    /// <summary>A type that pays the full price, of both purses.</summary>
    public const string Staff = "staff";

    /// <summary>A type that pays four fifths, of one purse, and not without end.</summary>
    public const string Guest = "guest";

    /// <summary>Rules by chance.</summary>
    public static CardRules Draw(Dice dice) => new()
    {
        Mode = dice.OneOf(TapMode.Free, TapMode.Free, TapMode.Free, TapMode.Fixed, TapMode.Item, TapMode.Count),
        Meals =
        [
            new(Meal.Breakfast, new(4, 0), new(10, 0)) { Price = new(6_00) },
            new(Meal.Lunch, new(10, 0), new(15, 0)) { Price = new(15_00) },
            new(Meal.Dinner, new(15, 0), new(21, 0)) { Price = new(15_00) },
            new(Meal.Night, new(21, 0), new(4, 0)) { Price = new(8_00) },
        ],
        CardTypes =
        [
            new(Staff, new("员工", "Staff")) { FirstTaps = dice.OneOf(0, 0, 2), FirstPrice = new(dice.OneOf(0, 3_00)) },
            new(Guest, new("访客", "Guest")) { PaidBasisPoints = 8000, SpillsToCash = false, Limits = new() { DayAmount = new(60_00), MealTaps = 6 } },
        ],
        Items = [new(1, new("米饭", "Rice"), new(1_00)), new(2, new("鸡腿", "Chicken"), new(8_50))],
        Unbooked = new() { PerAccount = new(dice.OneOf(15_00, 40_00, 100_00)) },
    };
}
