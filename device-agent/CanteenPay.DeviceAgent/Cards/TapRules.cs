using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>Whether a card pays, how much, and from which lots. Pure: all that it knows is asked and told.</summary>
internal static class TapRules
{
    /// <summary>The same card within this time is debited once.</summary>
    public static readonly TimeSpan SameCard = TimeSpan.FromSeconds(3);

    /// <summary>撤销 within this time.</summary>
    public static readonly TimeSpan UndoWithin = TimeSpan.FromMinutes(2);

    /// <summary>What becomes of a card on the reader.</summary>
    public static TapDecision Decide(TapQuestion question, CardSituation situation) => throw new NotImplementedException();

    /// <summary>The reversal of this machine's last tap; a refusal in words (<see cref="UndoRefusal"/>) when it cannot be taken back.</summary>
    /// <param name="last">This machine's newest tap or reversal, as stored; null when there is none.</param>
    /// <param name="id">For the reversal.</param>
    /// <param name="at">Now, by the corrected clock.</param>
    /// <param name="view">The account as this machine reckons with it.</param>
    /// <param name="offline">There is no link.</param>
    public static (Tap? Reversal, UndoRefusal? Refusal) Undo(Tap? last, TapId id, DateTimeOffset at, CardAccount? view, bool offline) =>
        throw new NotImplementedException();
}

/// <summary>What is asked when a card lies on the reader.</summary>
/// <param name="Card">The card.</param>
/// <param name="Id">For the tap, should one come of it.</param>
/// <param name="At">Now, by the corrected clock (never before what was stored last).</param>
/// <param name="Mode">How the till works.</param>
/// <param name="Keyed">In <see cref="TapMode.Free"/> and <see cref="TapMode.Item"/>, what is to be paid before discount, in fen; nothing keyed asks for the balance.</param>
/// <param name="Items">In <see cref="TapMode.Item"/>, what is sold.</param>
/// <param name="TypedUid">A keyboard reader typed the UID.</param>
/// <param name="Offline">There is no link.</param>
internal sealed record TapQuestion(
    CardNo Card, TapId Id, DateTimeOffset At, TapMode Mode, Fen Keyed, IReadOnlyList<SoldItem> Items, bool TypedUid, bool Offline);

/// <summary>What the machine knows about a card, and about itself.</summary>
/// <param name="Rules">The merchant's rules; null: no cards.</param>
/// <param name="Account">The account as this machine reckons with it (own entries included); null: no account has this card.</param>
/// <param name="Unbooked">What this account spent here that the cloud has not booked, in fen.</param>
/// <param name="Last">This machine's newest tap or reversal.</param>
/// <param name="Stop">Why no card at all pays here now; null when they do.</param>
internal sealed record CardSituation(CardRules? Rules, CardAccount? Account, Fen Unbooked, Tap? Last, TapRefusal? Stop);

/// <summary>Why the last tap cannot be taken back.</summary>
internal enum UndoRefusal
{
    /// <summary>没有可撤销的消费: none, or it was taken back already, or it was a reversal.</summary>
    Nothing,

    /// <summary>超过撤销时间.</summary>
    TooLate,

    /// <summary>数据存满.</summary>
    StoreFull,
}
