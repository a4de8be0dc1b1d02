using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Diners;

/// <summary>One diner, drawn before the lunch begins: what happens to the others changes nothing about this one.</summary>
internal sealed record Diner
{
    /// <summary>Counted from 1 in the order of arrival.</summary>
    public required int Number { get; init; }

    /// <summary>From the opening of the doors.</summary>
    public required TimeSpan ArrivesAt { get; init; }

    /// <summary>At which machine, counted from 0.</summary>
    public required int Machine { get; init; }

    /// <summary>What the meal costs.</summary>
    public required Fen Amount { get; init; }

    /// <summary>Of one who scans, WeChat or Alipay.</summary>
    public required Wallet Wallet { get; init; }

    /// <summary>Which of the merchant's staff cards this diner taps, counted from 0; null of one who scans. Several diners have the same card: it eats more than once.</summary>
    public int? Card { get; init; }

    /// <summary>What this diner does.</summary>
    public required Habit Habit { get; init; }

    /// <summary>From the QR to the tap on "pay", or to the word that nothing will come of it.</summary>
    public required TimeSpan Hesitates { get; init; }

    /// <summary>With a late payer: from the cancel to the tap on "pay".</summary>
    public TimeSpan LateBy { get; init; }

    /// <summary>Money that this diner gets back after having paid; null for most.</summary>
    public RefundWish? Refund { get; init; }
}

/// <summary>What a diner does in front of the machine.</summary>
internal enum Habit
{
    /// <summary>Puts a staff card on the reader.</summary>
    Taps,

    /// <summary>Puts it there twice, not sure whether it was read: it is debited once.</summary>
    TapsTwice,

    /// <summary>The cashier keyed the wrong amount, and takes the tap back.</summary>
    TapsAndUndoes,

    /// <summary>Scans and pays.</summary>
    Pays,

    /// <summary>Has no money on the phone and says so: the cashier cancels.</summary>
    GivesUp,

    /// <summary>The cashier cancels, and the phone pays all the same while the bank still allows it.</summary>
    PaysAfterCancel,

    /// <summary>The cashier cancels, and the phone tries when the bank allows it no longer.</summary>
    PaysAfterExpiry,

    /// <summary>Goes away without a word: the QR stays until somebody else wants to pay.</summary>
    WalksAway,
}

/// <summary>A refund that somebody in the office makes.</summary>
/// <param name="Amount">1 fen to what was paid.</param>
/// <param name="After">From the payment.</param>
/// <param name="PressedTwice">The request is sent twice with the same key, as by a double click.</param>
internal sealed record RefundWish(Fen Amount, TimeSpan After, bool PressedTwice);
