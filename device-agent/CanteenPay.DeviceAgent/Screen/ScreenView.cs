using System.Text.Json.Serialization;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>All that the page shows, each time in full: a page that missed something misses nothing.</summary>
internal sealed record ScreenView
{
    /// <summary>Counts up with every change.</summary>
    public required long Revision { get; init; }

    /// <summary>What the screen is about: <c>idle requesting qr paid refused closed offline fault</c>; of a manager
    /// <c>refund-amount pin mode refunding refunded refund-refused</c>; of a card <c>tap tap-refused balance undone</c>.</summary>
    public required string State { get; init; }

    /// <summary>The order in the middle of the screen, waiting or ended; null while an amount is keyed. Not shown to people: for programs that watch the till.</summary>
    public string? OrderId { get; init; }

    /// <summary>The link to the cloud is up.</summary>
    public required bool Online { get; init; }

    /// <summary>The link in words.</summary>
    public required Phrase Connection { get; init; }

    /// <summary>Why there is no link, in the words of whoever refused; null while there is one.</summary>
    public string? ConnectionError { get; init; }

    /// <summary>The time of day in Unix milliseconds, by the cloud's clock as far as it was learnt: a browser's own is not trusted.</summary>
    public required long ClockMs { get; init; }

    /// <summary>The big number, without the currency sign: as keyed, or of the order on the screen.</summary>
    public required string Amount { get; init; }

    /// <summary>What is going on.</summary>
    public required Phrase Headline { get; init; }

    /// <summary>The headline answers a key that could not be obeyed.</summary>
    public required bool Notice { get; init; }

    /// <summary>How it ended.</summary>
    public Phrase? Result { get; init; }

    /// <summary>How cards are taken; null when the merchant takes none.</summary>
    public CardsView? Cards { get; init; }

    /// <summary>What the card on the reader came to; null when the middle is about something else.</summary>
    public TapView? Tap { get; init; }

    /// <summary>撤销 is one key away.</summary>
    public bool Undoable { get; init; }

    /// <summary>What is being sold by number; null when nothing is.</summary>
    public IReadOnlyList<BasketRow>? Basket { get; init; }

    /// <summary>The number of an item that is being keyed; null when none is.</summary>
    public string? ItemNumber { get; init; }

    /// <summary>The QR.</summary>
    public QrPicture? Qr { get; init; }

    /// <summary>How long the QR stays.</summary>
    public Countdown? Countdown { get; init; }

    /// <summary>The line of the previous payment.</summary>
    public Line? Previous { get; init; }

    /// <summary>What a manager is about to give back, or has; null when nothing is.</summary>
    public RefundView? Refund { get; init; }

    /// <summary>What a manager has to know and to confirm.</summary>
    public Phrase? Alarm { get; init; }

    /// <summary>The last payments, newest first; null when the list is not shown.</summary>
    public IReadOnlyList<HistoryRow>? History { get; init; }

    /// <summary>The last taps, newest first; null when their list is not shown.</summary>
    public IReadOnlyList<TapRow>? TapHistory { get; init; }

    /// <summary>What is being said, or was a moment ago.</summary>
    public UtteranceView? Utterance { get; init; }
}

/// <summary>A QR as a drawing: a square of so many modules, quiet zone included, and the dark ones as an SVG path.</summary>
internal sealed record QrPicture(int Size, string Path);

/// <summary>How long the QR stays, in milliseconds from the sending of the view.</summary>
internal sealed record Countdown(long RemainingMs, long TotalMs);

/// <summary>A line about an order, or a tap, and its colour: <c>wait good bad</c>.</summary>
/// <param name="OrderId">The order; null when it is about a tap.</param>
/// <param name="Text">What it says.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Refundable">A refund of it is one key away; not while 退款 would be about the order on the screen.</param>
internal sealed record Line(string? OrderId, Phrase Text, string Tone, bool Refundable)
{
    /// <summary>The tap, or reversal.</summary>
    public string? TapId { get; init; }
}

/// <summary>A payment in the list.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Time">When it was asked for; with the date when that is not today's.</param>
/// <param name="Amount">In yuan.</param>
/// <param name="Stage">How it stands, with the wallet that paid.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Refund">What went back, goes back or was refused to; null when nothing.</param>
/// <param name="Refundable">A refund may be asked for.</param>
/// <param name="Chosen">The one that 退款 would be about.</param>
internal sealed record HistoryRow(string OrderId, string Time, string Amount, Phrase Stage, string Tone, Phrase? Refund, bool Refundable, bool Chosen);

/// <summary>A refund that is being asked for. Of the PIN only its length is shown, never a digit.</summary>
/// <param name="OrderId">The order that was paid.</param>
/// <param name="Of">Which payment it is, in words.</param>
/// <param name="Left">What may still go back, in yuan.</param>
/// <param name="Dots">Digits of the PIN that were keyed; null while it is not asked for.</param>
internal sealed record RefundView(string? OrderId, Phrase? Of, string? Left, int? Dots);

/// <summary>Something said.</summary>
/// <param name="Id">Random; a page plays each id once.</param>
/// <param name="OrderId">The order that it is about; null when it is about a card.</param>
/// <param name="TapId">The tap that it is about.</param>
/// <param name="Words">The words.</param>
/// <param name="Url">The sound.</param>
/// <param name="Play">The page is the speaker, and it is not over yet.</param>
/// <param name="RemainingMs">It may begin within so many milliseconds from the sending of the view, not later.</param>
/// <param name="DurationMs">How long it plays.</param>
internal sealed record UtteranceView(string Id, string? OrderId, string? TapId, string Words, string Url, bool Play, long RemainingMs, long DurationMs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScreenView))]
[JsonSerializable(typeof(ReaderView))]
[JsonSerializable(typeof(Dictionary<string, Phrase>))]
[JsonSerializable(typeof(ScreenAddress))]
internal sealed partial class ScreenJson : JsonSerializerContext;

/// <summary>What <c>screen.json</c> holds.</summary>
/// <param name="Url">Where the page is.</param>
internal sealed record ScreenAddress(string Url);
