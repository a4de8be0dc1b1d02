using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Voice;

/// <summary>An utterance that is ready to be played.</summary>
/// <param name="Id">Random; a page plays each id once.</param>
/// <param name="OrderId">The order that it is about; null when it is about a card.</param>
/// <param name="Words">What it says.</param>
/// <param name="Wave">The sound.</param>
/// <param name="NotAfter">It may not begin later than this, by the steady clock.</param>
internal sealed record SpokenWords(string Id, OrderId? OrderId, string Words, byte[] Wave, DateTimeOffset NotAfter)
{
    /// <summary>The tap that it is about, if it is about one.</summary>
    public TapId? TapId { get; init; }

    /// <summary>How long it plays.</summary>
    public TimeSpan Duration => Voice.Wave.Duration(Wave);
}
