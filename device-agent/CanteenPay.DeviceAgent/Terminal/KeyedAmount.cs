using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>An amount as it is being keyed: never more than two decimals, never beyond <see cref="Fen.MaxKeyed"/>. A key that would break that does nothing.</summary>
internal readonly record struct KeyedAmount
{
    /// <summary>Nothing keyed.</summary>
    public static readonly KeyedAmount Empty = new("");

    private readonly string? text;

    private KeyedAmount(string text) => this.text = text;

    /// <summary>As keyed: "", "0.", "12.5".</summary>
    public string Text => text ?? "";

    /// <summary>What it is worth so far.</summary>
    public Fen Amount => Text is "" ? Fen.Zero : Fen.Parse(Text.TrimEnd('.'));

    /// <summary>With one more digit; leading zeros give way: 0 5 is 5.</summary>
    public KeyedAmount WithDigit(int digit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digit, 9);
        var longer = (Text is "0" ? "" : Text) + (char)('0' + digit);
        return Fen.TryParse(longer, out var amount) && amount <= Fen.MaxKeyed ? new(longer) : this;
    }

    /// <summary>With the decimal point, once.</summary>
    public KeyedAmount WithDot() => Text switch
    {
        "" => new("0."),
        var keyed when keyed.Contains('.', StringComparison.Ordinal) => this,
        var keyed => new(keyed + "."),
    };

    /// <summary>Without the last key.</summary>
    public KeyedAmount WithoutLast() => Text switch
    {
        "" or "0." => Empty,
        var keyed => new(keyed[..^1]),
    };
}
