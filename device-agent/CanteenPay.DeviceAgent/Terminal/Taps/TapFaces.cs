using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal.Taps;

/// <summary>What a card on the reader came to, or 撤销: until the next card or key, or for a while.</summary>
/// <param name="Presented">Drawn for this card on the reader, or this key: whoever watches the till tells two refusals apart by it.</param>
/// <param name="Decision">What it came to.</param>
/// <param name="Kept">What was keyed and not paid: another card, or cloud pay, may still pay it while this is shown.</param>
/// <param name="Until">When it goes.</param>
internal sealed record TapShown(TapId Presented, TapDecision Decision, Keying Kept, DateTimeOffset Until) : Face
{
    /// <summary>The tap, or reversal, that it is about; null when none was made.</summary>
    public Tap? Tap => Decision switch
    {
        TapApproved approved => approved.Tap,
        TapRepeated repeated => repeated.Tap,
        _ => null,
    };
}

/// <summary>A manager chooses how the till works.</summary>
/// <param name="Mode">The one that 确认 takes.</param>
/// <param name="Until">When it is given up.</param>
internal sealed record ChoosingMode(TapMode Mode, DateTimeOffset Until) : ManagerFace(Until);

/// <summary>To let the till work so.</summary>
internal sealed record AllowMode(TapMode Mode) : PinPurpose;
