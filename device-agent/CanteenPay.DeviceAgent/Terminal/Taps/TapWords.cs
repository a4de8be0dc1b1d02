using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>What is said about a card. Every refusal has its own words, so that nobody need look up to know.</summary>
internal static class TapWords
{
    /// <summary>What is said about a decision; null where the screen says enough: a balance is nobody else's business, and an amount said twice sounds like two.</summary>
    public static Utterance? Of(TapDecision decision) => decision switch
    {
        // A count has no amount to name.
        TapApproved { Tap: { Kind: EntryKind.Reversal, Amount.Value: 0 } } => new([Clip.Undone]),
        TapApproved { Tap.Kind: EntryKind.Reversal } undone => Utterance.Undone(undone.Tap.Amount),
        TapApproved { Tap.Kind: EntryKind.Count } => Utterance.Counted,
        TapApproved approved => Utterance.Spent(approved.Tap.Amount),
        TapRefused refused => Of(refused.Why),
        _ => null,
    };

    /// <summary>What is said about a refusal.</summary>
    public static Utterance Of(TapRefusal why) => new([why switch
    {
        TapRefusal.UnknownCard => Clip.UnknownCard,
        TapRefusal.LostCard => Clip.LostCard,
        TapRefusal.CancelledCard => Clip.CancelledCard,
        TapRefusal.NotEnough => Clip.NotEnough,
        TapRefusal.OverTapLimit => Clip.OverTapLimit,
        TapRefusal.OverAmountLimit => Clip.OverAmountLimit,
        TapRefusal.OverCountLimit => Clip.OverCountLimit,
        TapRefusal.OutsideMeal => Clip.OutsideMeal,
        TapRefusal.NotSet => Clip.NotSet,
        TapRefusal.TapAgain => Clip.TapAgain,
        TapRefusal.OverUnbookedCap => Clip.OverUnbookedCap,
        TapRefusal.OfflineTooLong => Clip.OfflineTooLong,
        TapRefusal.StoreFull => Clip.StoreFull,
        TapRefusal.NotSynced => Clip.NotSynced,
        TapRefusal.ClockUnknown => Clip.ClockUnknown,
        TapRefusal.NotOffered => Clip.NotOffered,
        TapRefusal.TypedUidOff => Clip.TypedUidOff,
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "Not a refusal."),
    }]);
}
