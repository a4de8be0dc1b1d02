using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Diners;

/// <summary>What meals cost in a canteen: mostly ¥8–¥35, mostly whole yuan or with 50 fen, seldom a table's bill or a single steamed bun.</summary>
internal static class Bill
{
    /// <summary>An amount that can be keyed.</summary>
    public static Fen Draw(Random dice) => new(dice.Next(100) switch
    {
        < 2 => dice.Next(1, 200),
        < 5 => dice.Next(50, 300) * 100,
        < 45 => dice.Next(8, 36) * 100,
        < 80 => dice.Next(8, 36) * 100 + 50,
        < 92 => dice.Next(80, 360) * 10,
        _ => dice.Next(800, 3600),
    });
}
