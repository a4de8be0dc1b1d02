using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>How this till takes cards at the moment.</summary>
/// <param name="Mode">How it works.</param>
/// <param name="Usual">How it works unless a manager has switched it.</param>
/// <param name="Meal">The meal of this time of day; null when cards do not pay now.</param>
/// <param name="Menu">What is sold by number.</param>
/// <param name="Standing">How cards stand on this machine.</param>
internal sealed record CardDesk(TapMode Mode, TapMode Usual, MealPeriod? Meal, IReadOnlyList<MenuItem> Menu, CardStanding Standing)
{
    /// <summary>In <see cref="TapMode.Fixed"/> what the meal costs before discount, in fen; null otherwise, and where no price is set.</summary>
    public Fen? Price => Mode == TapMode.Fixed ? Meal?.Price : null;

    /// <summary>What is keyed is paid by cloud pay alone: a card needs no key.</summary>
    public bool IsWithoutKeys => Mode is TapMode.Fixed or TapMode.Count;
}
