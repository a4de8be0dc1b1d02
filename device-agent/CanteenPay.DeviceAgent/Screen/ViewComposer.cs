using System.Globalization;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>Makes the view of a state of the till: pure, words and colours only.</summary>
internal sealed class ViewComposer(Texts texts)
{
    /// <summary>The labels that never change, for the page to put on its keys.</summary>
    public IReadOnlyDictionary<string, Phrase> Labels { get; } =
        new[] { "key.pay", "key.cancel", "key.clear", "key.list", "link.page", "qr.hint", "list", "list.empty" }
            .ToDictionary(key => key, key => texts.Of(key), StringComparer.Ordinal);

    /// <summary>The view of a snapshot at a time.</summary>
    /// <param name="shown">The snapshot.</param>
    /// <param name="now">By the steady clock.</param>
    /// <param name="clock">The time of day, as far as it is known.</param>
    public ScreenView Compose(ScreenSnapshot shown, DateTimeOffset now, DateTimeOffset clock)
    {
        var state = shown.State;
        var (name, headline, result) = Middle(state);
        return new()
        {
            Revision = shown.Revision,
            State = name,
            OrderId = OrderOf(state.Face)?.Id.Value,
            Online = state.Online,
            Connection = texts.Of(state.Online ? "link.online" : "link.offline"),
            ConnectionError = state.LinkError,
            ClockMs = clock.ToUnixTimeMilliseconds(),
            Amount = AmountOf(state.Face),
            Headline = headline,
            Notice = state.Notice is not null,
            Result = result,
            Qr = shown.Qr,
            Countdown = state.Face is ShowingQr qr ? new(Ms(qr.Until - now), Ms(qr.Until - qr.From)) : null,
            Previous = state.Previous is { } previous ? new(previous.Id.Value, PreviousText(previous), Tone(previous)) : null,
            History = shown.List is { } list ? [.. list.Select(Row)] : null,
            Utterance = shown.Words is { } words && now < words.NotAfter
                ? new(words.Id, words.OrderId.Value, words.Words, $"/voice/{words.Id}.wav", shown.PagePlays, Ms(words.NotAfter - now), Ms(words.Duration))
                : null,
        };
    }

    private (string Name, Phrase Headline, Phrase? Result) Middle(TillState state) => state switch
    {
        { Notice.Notice: var notice } => (StateOf(notice), texts.Of("notice." + Lower(notice)), null),
        { Face: WaitingForQr } => ("requesting", texts.Of("requesting"), null),
        { Face: ShowingQr } => ("qr", texts.Of("qr"), null),
        { Face: Ended ended } => AtEnd(ended),
        _ => ("idle", texts.Of("idle"), null),
    };

    private static string StateOf(Notice notice) => notice switch
    {
        Notice.Offline => "offline",
        Notice.Fault => "fault",
        _ => "idle",
    };

    private (string Name, Phrase Headline, Phrase? Result) AtEnd(Ended ended)
    {
        var key = Lower(ended.Ending);
        var name = ended.Ending switch
        {
            Ending.Paid => "paid",
            Ending.Refused or Ending.Failed or Ending.Disputed => "refused",
            _ => "closed",
        };
        var reason = ended.Order.Refusal is { } refusal ? texts.Of(refusal) : texts.Of("refused");
        return (name, texts.Of(key, ("wallet", WalletOf(ended.Order))), texts.Of(key + ".result", ("amount", AmountText(ended.Order)), ("reason", reason)));
    }

    private static Order? OrderOf(Face face) => face switch
    {
        WaitingForQr waiting => waiting.Order,
        ShowingQr showing => showing.Order,
        Ended ended => ended.Order,
        _ => null,
    };

    private static string AmountOf(Face face) => face switch
    {
        Keying { Amount.Text: "" } => "0.00",
        Keying keying => keying.Amount.Text,
        WaitingForQr waiting => waiting.Order.Amount.ToString(),
        ShowingQr showing => showing.Order.Amount.ToString(),
        Ended ended => ended.Order.Amount.ToString(),
        _ => throw new ArgumentOutOfRangeException(nameof(face), face, "Not a face of the till."),
    };

    private HistoryRow Row(Order order) => new(
        order.Id.Value,
        TimeText(order, "HH:mm:ss"),
        order.Amount.ToString(),
        StageText(order),
        Tone(order));

    private Phrase PreviousText(Order order) =>
        texts.Of("previous", ("amount", AmountText(order)), ("stage", StageText(order)), ("time", Phrase.Same(TimeText(order, "HH:mm"))));

    private Phrase StageText(Order order) =>
        texts.Of(order.Disputed ? "stage.disputed" : "stage." + Lower(order.Stage), ("wallet", WalletOf(order)));

    private Phrase WalletOf(Order order) => texts.Of("wallet." + (order.Wallet is { } wallet ? Lower(wallet) : "unknown"));

    private static string TimeText(Order order, string format) => BusinessDay.Local(order.RequestedAt).ToString(format, CultureInfo.InvariantCulture);

    private static Phrase AmountText(Order order) => Phrase.Same(order.Amount.ToString());

    private static string Tone(Order order) => order switch
    {
        { Disputed: true } => "bad",
        { Stage: OrderStage.Paid } => "good",
        { IsEnded: true } => "bad",
        _ => "wait",
    };

#pragma warning disable CA1308 // Keys of the text files are in lower case.
    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static long Ms(TimeSpan time) => Math.Max(0, (long)time.TotalMilliseconds);
}

/// <summary>What the screen was last told to show.</summary>
/// <param name="Revision">Counts up with every change.</param>
/// <param name="State">The till.</param>
/// <param name="Qr">The drawing of the QR in that state.</param>
/// <param name="List">The last payments, if they are shown.</param>
/// <param name="Words">What was last said.</param>
/// <param name="PagePlays">The page is the speaker.</param>
internal sealed record ScreenSnapshot(long Revision, TillState State, QrPicture? Qr, IReadOnlyList<Order>? List, SpokenWords? Words, bool PagePlays);
