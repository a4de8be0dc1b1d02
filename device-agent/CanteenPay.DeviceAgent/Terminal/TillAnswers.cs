using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>What the till makes of the cloud's messages. They come twice, late and out of turn; none may show or say what is not so.</summary>
/// <param name="limits">How long the till waits for what.</param>
internal sealed class TillAnswers(TillLimits limits)
{
    /// <summary>Longest text in a QR that is shown (protocol, <c>pay-qr</c>).</summary>
    public const int MaxQrLength = 512;

    /// <summary>A QR is shown only for the order that waits for it on the screen, with its own amount.</summary>
    public TillStep OnQr(TillState state, QrReceived e)
    {
        var (message, at) = (e.Message, e.At);
        if (e.Known is not { } order)
            return Ignore(state, message.OrderId, IgnoredBecause.UnknownOrder);
        if (message.Amount != order.Amount)
            return Ignore(state, order.Id, IgnoredBecause.AmountDiffers);
        if (state.Face is not WaitingForQr waiting || waiting.Order.Id != order.Id)
            return new(state, [new StatusAnswered(order.Id), new Ignored(order.Id, IgnoredBecause.OutOfTurn)]);
        if (message.Qr is "" || message.Qr.Length > MaxQrLength || message.ExpiresInS <= 0)
            return Ignore(state, order.Id, IgnoredBecause.UnusableQr);
        var life = TimeSpan.FromSeconds(Math.Min(message.ExpiresInS, limits.QrLife.TotalSeconds));
        var shown = waiting.Order with { Stage = OrderStage.AwaitingPayment, QrShown = true };
        return new(state with { Face = new ShowingQr(shown, message.Qr, at, at + life) }, [new Save(shown, Unanswered.None)]);
    }

    /// <summary>A refusal ends an order that had no QR. With a QR on a diner's phone only a definite result may.</summary>
    public TillStep OnRefusal(TillState state, RefusalReceived e)
    {
        var message = e.Message;
        if (e.Known is not { } order)
            return Ignore(state, message.OrderId, IgnoredBecause.UnknownOrder);
        if (message.Code == RefusalCode.UnknownOrder)
            return new(state, [new StatusAnswered(order.Id), new Ignored(order.Id, IgnoredBecause.NotKnownThereYet)]);
        if (order.IsEnded || order.QrShown)
            return new(state, [new StatusAnswered(order.Id), new Ignored(order.Id, IgnoredBecause.OutOfTurn)]);
        var refused = message.Code == RefusalCode.Cancelled
            ? order with { Stage = OrderStage.Closed }
            : order with { Stage = OrderStage.Refused, Refusal = message.Message };
        return new(Show(state, refused, e.At), [new Save(refused, Unanswered.None)]);
    }

    /// <summary>A result is stored, then acknowledged, then spoken: in this order, so that nothing is spoken twice.</summary>
    public TillStep OnResult(TillState state, ResultReceived e)
    {
        var message = e.Message;
        if (e.Known is not { } order)
            return Ignore(state, message.OrderId, IgnoredBecause.UnknownOrder);
        if (message.Amount != order.Amount || message.RefundedSoFar is { } told && (told < Fen.Zero || told > order.Amount))
            return Ignore(state, order.Id, IgnoredBecause.AmountDiffers);

        var after = OrderRules.After(order, message);
        var deadline = SpeakingDeadline.Of(limits, e.ReceivedAt, message.AgeMs, e.Expiry);
        var words = e.At < deadline ? OrderRules.Words(after, message) : null;
        after = after with { Spoken = order.Spoken || words is not null };
        var needsSuccessor = after.Stage == OrderStage.Closing && state.Face is WaitingForQr waiting && waiting.Order.Id == order.Id;
        var aboutScreen = IsOnScreen(state, order.Id);
        var shown = after == order && !aboutScreen ? state : Show(state, after, e.At);

        List<TillEffect> effects = [new Save(after, Unanswered.None), new Acknowledge(order.Id, message.Outcome, after.Spoken)];
        if (words is not null)
            effects.Add(new Speak(order.Id, aboutScreen ? words : words.AboutPrevious(), deadline));
        return needsSuccessor && order.RetryOf is null && state.Online && e.Fresh is { } fresh
            ? WithSuccessor(shown, effects, after, fresh, e.At)
            : new(shown, effects);
    }

    /// <summary>The channel has the order but gave no QR for it (design, Cloud pay): the diner still stands there, so one more is made, once.</summary>
    private TillStep WithSuccessor(TillState state, List<TillEffect> effects, Order without, FreshOrder fresh, DateTimeOffset at)
    {
        var next = new Order { Id = fresh.Id, Amount = without.Amount, RequestedAt = fresh.RequestedAt, RetryOf = without.Id };
        return new(state with { Face = new WaitingForQr(next, at + limits.NoQr) }, [.. effects, new Save(next, Unanswered.Request)]);
    }

    /// <summary>In the middle of the screen: waiting, with its QR, or just given up by the clock with nobody else's order there.</summary>
    private static bool IsOnScreen(TillState state, OrderId id) =>
        state.OpenOnScreen?.Id == id || state.Face is Ended ended && ended.Order.Id == id;

    private TillState Show(TillState state, Order order, DateTimeOffset at)
    {
        if (!IsOnScreen(state, order.Id))
            return TakesLine(state.Previous, order) ? state with { Previous = order } : state;
        var mentioned = state.Previous?.Id == order.Id;
        if (EndingOf(order) is not { } ending)
            return Unsettled(state, order, mentioned, at);
        var repeated = state.Face is Ended { Ending: var before } && before == ending;
        return state with
        {
            Face = repeated ? state.Face : new Ended(order, ending, at + limits.ResultStays),
            Previous = order.Disputed ? order : mentioned ? null : state.Previous,
        };
    }

    /// <summary>
    /// The line is about the order before the present one. An older order takes it only with news that moved money or needs a person:
    /// that a forgotten order was closed at last says nothing about the diner who just left.
    /// </summary>
    private static bool TakesLine(Order? line, Order news) =>
        line is null || line.Id == news.Id || news.RequestedAt > line.RequestedAt || news.Disputed || news.Stage is OrderStage.Paid or OrderStage.Refunding or OrderStage.Refunded;

    /// <summary>The cloud is closing what stands on the screen: the QR must go, and the line takes over.</summary>
    private TillState Unsettled(TillState state, Order order, bool mentioned, DateTimeOffset at) => state.Face switch
    {
        WaitingForQr => state with { Face = new Ended(order, Ending.NoQr, at + limits.ResultStays), Previous = order },
        ShowingQr => state with { Face = new Ended(order, Ending.Expired, at + limits.ResultStays), Previous = order },
        Ended ended => state with { Face = ended with { Order = order }, Previous = mentioned ? order : state.Previous },
        _ => state,
    };

    private static Ending? EndingOf(Order order) => order switch
    {
        { Disputed: true } => Ending.Disputed,
        { Stage: OrderStage.Paid } => Ending.Paid,
        { Stage: OrderStage.Closed } => Ending.Closed,
        { Stage: OrderStage.Failed } => Ending.Failed,
        { Stage: OrderStage.Refused } => Ending.Refused,
        { Stage: OrderStage.Refunding } => Ending.Refunding,
        { Stage: OrderStage.Refunded } => Ending.Refunded,
        _ => null,
    };

    private static TillStep Ignore(TillState state, OrderId order, IgnoredBecause why) => new(state, [new Ignored(order, why)]);
}
