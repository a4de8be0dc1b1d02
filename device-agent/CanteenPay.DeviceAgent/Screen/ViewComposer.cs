using System.Globalization;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>Makes the view of a state of the till: pure, words and colours only.</summary>
internal sealed class ViewComposer(Texts texts)
{
    private readonly OrderTexts rows = new(texts);
    private readonly TapTexts taps = new(texts);

    /// <summary>The labels that never change, for the page to put on its keys.</summary>
    public IReadOnlyDictionary<string, Phrase> Labels { get; } =
        new[] { "key.pay", "key.cancel", "key.clear", "key.list", "link.page", "qr.hint", "key.refund", "key.undo", "key.add", "key.confirm", "key.close", "key.taps", "list",
            "list.taps", "list.empty" }
            .ToDictionary(key => key, key => texts.Of(key), StringComparer.Ordinal);

    /// <summary>The view of a snapshot at a time.</summary>
    /// <param name="shown">The snapshot.</param>
    /// <param name="now">By the steady clock.</param>
    /// <param name="clock">The time of day, as far as it is known.</param>
    public ScreenView Compose(ScreenSnapshot shown, DateTimeOffset now, DateTimeOffset clock)
    {
        var state = shown.State;
        var today = BusinessDay.Of(clock);
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
            Amount = AmountOf(state.Face, state.Cards),
            Cards = state.Cards is { } cards ? taps.Desk(cards, clock) : null,
            Tap = state.Face is TapShown tapped ? taps.View(tapped) : null,
            Undoable = IsUndoable(state, clock),
            Basket = state.Asked.Basket is { IsEmpty: false } basket ? taps.Rows(basket) : null,
            ItemNumber = state.Face is Keying { Basket.Number: { Length: > 0 } number } ? number : null,
            Headline = headline,
            Notice = state.Notice is not null,
            Result = result,
            Qr = shown.Qr,
            Countdown = state.Face is ShowingQr qr ? new(Ms(qr.Until - now), Ms(qr.Until - qr.From)) : null,
            Refund = RefundOf(state.Face),
            Alarm = state.Damage is { } damage ? texts.Of("damage", ("file", Phrase.Same(damage.File)), ("orders", Number(damage.TakenOver)), ("taps", Number(damage.TapsLost))) : null,
            Previous = PreviousLine(state, today),
            History = shown.List is { } list ? rows.Window(list, state.Chosen, today) : null,
            TapHistory = shown.Taps is { } made ? taps.Rows(made, today) : null,
            Utterance = shown.Words is { } words && now < words.NotAfter
                ? new(words.Id, words.OrderId?.Value, words.TapId?.Value, words.Words, $"/voice/{words.Id}.wav", shown.PagePlays, Ms(words.NotAfter - now), Ms(words.Duration))
                : null,
        };
    }

    private (string Name, Phrase Headline, Phrase? Result) Middle(TillState state) => state switch
    {
        { Face: ManagerFace manager } => Manager(manager) is var (name, words)
            ? (name, state.Notice is { } refused ? texts.Of("notice." + OrderTexts.Lower(refused.Notice)) : words, manager is ChoosingMode ? texts.Of("mode.keys") : null)
            : throw new ArgumentOutOfRangeException(nameof(state)),
        { OpenOnScreen: not null, Notice.Notice: var notice } => (state.Face is ShowingQr ? "qr" : "requesting", texts.Of("notice." + OrderTexts.Lower(notice)), null),
        { Notice.Notice: var notice } => (StateOf(notice), texts.Of("notice." + OrderTexts.Lower(notice)), null),
        { Face: WaitingForQr } => ("requesting", texts.Of("requesting"), null),
        { Face: ShowingQr } => ("qr", texts.Of("qr"), null),
        { Face: WaitingForTime } => ("requesting", texts.Of("clock"), null),
        { Face: Ended ended } => AtEnd(ended),
        { Face: RefundShown shown } => AtRefund(shown),
        { Face: TapShown shown } => taps.Shown(shown),
        _ => ("idle", taps.Idle(state.Cards), null),
    };

    private static string StateOf(Notice notice) => notice switch
    {
        Notice.Offline => "offline",
        Notice.Fault => "fault",
        _ => "idle",
    };

    private (string Name, Phrase Headline, Phrase? Result) AtEnd(Ended ended)
    {
        var key = OrderTexts.Lower(ended.Ending);
        var name = ended.Ending switch
        {
            Ending.Paid => "paid",
            Ending.Refused or Ending.Failed or Ending.Disputed => "refused",
            _ => "closed",
        };
        var reason = ended.Order.Refusal is { } refusal ? texts.Of(refusal) : texts.Of("refused");
        return (name, texts.Of(key, ("wallet", rows.WalletOf(ended.Order))), texts.Of(key + ".result", ("amount", OrderTexts.Amount(ended.Order.Amount)), ("reason", reason)));
    }

    private Line? PreviousLine(TillState state, DateOnly today) => state switch
    {
        { PreviousTap: { } tap } => taps.Previous(tap),
        { Previous: { } order } => new(
            order.Id.Value, rows.Previous(order), OrderTexts.Tone(order), state.RefundTarget == order.Id && state.Face is not Ended && OrderTexts.IsRefundable(order, today)),
        _ => null,
    };

    /// <summary>The tap that was made last stands on the screen, or was the last thing to.</summary>
    private static bool IsUndoable(TillState state, DateTimeOffset clock) =>
        ((state.Face as TapShown)?.Tap ?? state.PreviousTap) is { Kind: not EntryKind.Reversal } tap && clock - tap.At <= TapRules.UndoWithin && !state.IsBusy;

    private static Order? OrderOf(Face face) => face switch
    {
        WaitingForQr waiting => waiting.Order,
        ShowingQr showing => showing.Order,
        Ended ended => ended.Order,
        _ => null,
    };

    private static string AmountOf(Face face, CardDesk? cards) => face switch
    {
        Keying { Amount.Text: "" } keying => keying.ToCollect(cards).ToString(),
        Keying keying => keying.Amount.Text,
        WaitingForQr waiting => waiting.Order.Amount.ToString(),
        ShowingQr showing => showing.Order.Amount.ToString(),
        WaitingForTime waiting => waiting.Amount.ToString(),
        TapShown { Tap: { } tap } => tap.Amount.ToString(),
        TapShown shown => shown.Kept.ToCollect(cards).ToString(),
        EnteringRefund { Keyed.Text: not "" } entering => entering.Keyed.Text,
        EnteringRefund entering => entering.Amount.ToString(),
        EnteringPin { Purpose: AllowRefund refund } => refund.Amount.ToString(),
        EnteringPin or ChoosingMode => "0.00",
        RefundShown shown => shown.Refund.Amount.ToString(),
        Ended ended => ended.Order.Amount.ToString(),
        _ => throw new ArgumentOutOfRangeException(nameof(face), face, "Not a face of the till."),
    };

    private (string Name, Phrase Headline) Manager(ManagerFace face) => face switch
    {
        EnteringRefund entering => ("refund-amount", texts.Of("refund.amount", ("left", Phrase.Same(RefundRules.Left(entering.Order).ToString())))),
        EnteringPin { TriesLeft: { } left } => ("pin", texts.Of("pin.wrong", ("left", Number(left)))),
        EnteringPin { Purpose: AllowRefund refund } => ("pin", texts.Of("pin.refund", ("amount", Phrase.Same(refund.Amount.ToString())))),
        EnteringPin { Purpose: AllowMode mode } => ("pin", texts.Of("pin.mode", ("mode", taps.ModeName(mode.Mode)))),
        ChoosingMode choosing => ("mode", texts.Of("mode.choose", ("mode", taps.ModeName(choosing.Mode)))),
        _ => ("pin", texts.Of("pin.damage")),
    };

    private (string Name, Phrase Headline, Phrase? Result) AtRefund(RefundShown shown)
    {
        var (name, key) = shown.Refund.Stage switch
        {
            RefundStage.Refunded => ("refunded", "refund.refunded"),
            RefundStage.Refused => ("refund-refused", "refund.refused"),
            _ => ("refunding", "refund.running"),
        };
        var reason = shown.Refund.Refusal is { } refusal ? texts.Of(refusal) : Phrase.Same("");
        return (name, texts.Of(key), texts.Of(key + ".result", ("amount", Phrase.Same(shown.Refund.Amount.ToString())), ("reason", reason)));
    }

    private RefundView? RefundOf(Face face) => face switch
    {
        EnteringRefund { Order: var order } => ViewOf(order, dots: null),
        EnteringPin { Purpose: AllowRefund { Order: var order }, Pin.Length: var dots } => ViewOf(order, dots),
        EnteringPin { Pin.Length: var dots } => new(null, null, null, dots),
        RefundShown { Order: var order } => ViewOf(order, dots: null),
        _ => null,
    };

    private RefundView ViewOf(Order order, int? dots) =>
        new(order.Id.Value, rows.Paid(order), RefundRules.Left(order).ToString(), dots);

    private static Phrase Number(int number) => Phrase.Same(number.ToString(CultureInfo.InvariantCulture));

    private static long Ms(TimeSpan time) => Math.Max(0, (long)time.TotalMilliseconds);
}

/// <summary>What the screen was last told to show.</summary>
/// <param name="Revision">Counts up with every change.</param>
/// <param name="State">The till.</param>
/// <param name="Qr">The drawing of the QR in that state.</param>
/// <param name="List">The last payments, if they are shown.</param>
/// <param name="Taps">The last taps, if they are shown.</param>
/// <param name="Words">What was last said.</param>
/// <param name="PagePlays">The page is the speaker.</param>
internal sealed record ScreenSnapshot(
    long Revision, TillState State, QrPicture? Qr, IReadOnlyList<Order>? List, IReadOnlyList<Tap>? Taps, SpokenWords? Words, bool PagePlays);
