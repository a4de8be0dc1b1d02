using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>An amount is being keyed, or the numbers of items.</summary>
internal sealed record Keying(KeyedAmount Amount) : Face
{
    public static readonly Keying Empty = new(KeyedAmount.Empty);

    /// <summary>In <see cref="TapMode.Item"/>, what is being sold.</summary>
    public Basket Basket { get; init; } = Basket.Empty;

    /// <summary>Nothing was keyed.</summary>
    public bool IsEmpty => Amount.Text is "" && Basket.IsEmpty;

    /// <summary>What cloud pay asks for, in fen: what stands on the screen.</summary>
    public Fen ToCollect(CardDesk? cards) => (cards?.Mode, IsEmpty) switch
    {
        (TapMode.Item, _) => Basket.Total,
        (TapMode.Fixed, true) => cards!.Price ?? Fen.Zero,
        _ => Amount.Amount,
    };

    /// <summary>With one more digit, of the amount or of an item's number.</summary>
    public Keying WithDigit(int digit, CardDesk? cards) => cards is { Mode: TapMode.Item, Menu: var menu }
        ? this with { Basket = Basket.WithDigit(digit, menu) }
        : this with { Amount = Amount.WithDigit(digit) };

    /// <summary>With the decimal point.</summary>
    public Keying WithDot() => this with { Amount = Amount.WithDot() };

    /// <summary>Without the last key.</summary>
    public Keying WithoutLast(CardDesk? cards) => cards is { Mode: TapMode.Item, Menu: var menu }
        ? this with { Basket = Basket.WithoutLast(menu) }
        : this with { Amount = Amount.WithoutLast() };
}
