using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Something that the till wants done. Carried out in order, each before the next; the first that fails stops the rest.</summary>
internal abstract record TillEffect;

/// <summary>Store the order, and in the same transaction what must still be sent about it.</summary>
/// <param name="Order">The order.</param>
/// <param name="Unanswered">What must be sent until it is answered; it replaces what was waiting for this order.</param>
internal sealed record Save(Order Order, Unanswered Unanswered) : TillEffect;

/// <summary>Store a refund with its order, in one transaction; until it has ended <c>pay-refund</c> is sent again and again.</summary>
/// <param name="Order">The order; its <see cref="Order.Refund"/> is the newest refund, which need not be this one.</param>
/// <param name="Refund">The refund.</param>
internal sealed record SaveRefund(Order Order, Refund Refund) : TillEffect;

/// <summary>A manager has read that the database was damaged.</summary>
internal sealed record DamageConfirmed : TillEffect;

/// <summary>A <c>pay-status</c> for this order need not be sent again.</summary>
internal sealed record StatusAnswered(OrderId OrderId) : TillEffect;

/// <summary>Tell the cloud that a result was stored and shown. Once: if it is lost, the cloud sends the result again.</summary>
internal sealed record Acknowledge(OrderId OrderId, PayOutcome Outcome, bool Spoken) : TillEffect;

/// <summary>Store a tap, or the reversal of one. Only then it is approved.</summary>
internal sealed record StoreTap(Tap Tap) : TillEffect;

/// <summary>Remember how the till was switched to work; null: as the rules say.</summary>
internal sealed record RememberMode(TapMode? Mode) : TillEffect;

/// <summary>Say something.</summary>
/// <param name="Utterance">What to say.</param>
/// <param name="NotAfter">Not a word of it later than this, by the steady clock.</param>
internal abstract record Say(Utterance Utterance, DateTimeOffset NotAfter) : TillEffect
{
    /// <summary>What it is about, for the log.</summary>
    public abstract string About { get; }
}

/// <summary>Say something about an order.</summary>
/// <param name="OrderId">What it is about.</param>
/// <param name="Utterance">What to say.</param>
/// <param name="NotAfter">Not a word of it later than this, by the steady clock.</param>
/// <param name="RefundKey">The refund that it is about, if it is about one.</param>
internal sealed record Speak(OrderId OrderId, Utterance Utterance, DateTimeOffset NotAfter, string? RefundKey = null) : Say(Utterance, NotAfter)
{
    /// <inheritdoc/>
    public override string About => $"order {OrderId}";
}

/// <summary>Say something about a card.</summary>
/// <param name="Utterance">What to say.</param>
/// <param name="NotAfter">Not a word of it later than this, by the steady clock.</param>
/// <param name="TapId">The tap or reversal; null when none was made.</param>
internal sealed record SpeakTap(Utterance Utterance, DateTimeOffset NotAfter, TapId? TapId = null) : Say(Utterance, NotAfter)
{
    /// <inheritdoc/>
    public override string About => TapId is { } tap ? $"tap {tap}" : "a card";
}

/// <summary>A message had no effect, and somebody should be able to read why.</summary>
internal sealed record Ignored(OrderId OrderId, IgnoredBecause Why) : TillEffect;

/// <summary>What still has to be sent about an order.</summary>
internal enum Unanswered
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>pay-request</c>, until a QR, a refusal or a result.</summary>
    Request,

    /// <summary><c>pay-cancel</c>, until a refusal or a result.</summary>
    Cancel,
}

/// <summary>Why a message had no effect.</summary>
internal enum IgnoredBecause
{
    /// <summary>No such order here.</summary>
    UnknownOrder,

    /// <summary>No such refund of that order here.</summary>
    UnknownRefund,

    /// <summary>Its amount is not the order's: nothing of it may be believed.</summary>
    AmountDiffers,

    /// <summary>It came twice, or after it stopped to matter.</summary>
    OutOfTurn,

    /// <summary>The QR is empty, too long or expired.</summary>
    UnusableQr,

    /// <summary>The cloud does not know the order yet; its request or cancel is still on the way.</summary>
    NotKnownThereYet,
}
