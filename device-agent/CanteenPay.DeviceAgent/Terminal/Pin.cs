namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>A manager's PIN as it is being keyed. It prints as dots: no log and no view may hold its digits.</summary>
internal readonly record struct Pin
{
    /// <summary>Fewest digits of a PIN.</summary>
    public const int MinLength = 4;

    /// <summary>Most digits of a PIN.</summary>
    public const int MaxLength = 8;

    /// <summary>Nothing keyed.</summary>
    public static readonly Pin Empty;

    private readonly string? digits;

    private Pin(string digits) => this.digits = digits;

    /// <summary>Digits keyed so far.</summary>
    public int Length => digits?.Length ?? 0;

    /// <summary>The digits, for comparing alone.</summary>
    public ReadOnlySpan<char> Digits => digits;

    /// <summary>With one more digit, at most <see cref="MaxLength"/>.</summary>
    public Pin WithDigit(int digit) => Length < MaxLength ? new(digits + (char)('0' + digit)) : this;

    /// <summary>Without the last digit.</summary>
    public Pin WithoutLast() => Length > 1 ? new(digits![..^1]) : Empty;

    /// <summary>A dot for each digit.</summary>
    public override string ToString() => new('•', Length);
}

/// <summary>What a PIN that was entered is worth.</summary>
/// <param name="Answer">Right, wrong or locked.</param>
/// <param name="TriesLeft">How many wrong ones are still allowed.</param>
internal readonly record struct PinVerdict(PinAnswer Answer, int TriesLeft = 0);

/// <summary>What a PIN that was entered is worth.</summary>
internal enum PinAnswer
{
    /// <summary>The manager's.</summary>
    Right,

    /// <summary>Not the manager's.</summary>
    Wrong,

    /// <summary>Not looked at: too many wrong ones came before.</summary>
    Locked,
}
