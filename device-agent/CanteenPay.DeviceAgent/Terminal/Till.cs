namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>The till as a pure state machine: no clock, no chance, no I/O. The drawing is in the README of this project.</summary>
/// <param name="limits">How long it waits for what.</param>
internal sealed class Till(TillLimits limits)
{
    private readonly TillAnswers answers = new(limits);

    /// <summary>What an event makes of a state, and what is to be done, in order.</summary>
    public TillStep Step(TillState state, TillEvent happened) => happened switch
    {
        DigitPressed digit => Key(state, keyed => keyed.WithDigit(digit.Digit)),
        DotPressed => Key(state, keyed => keyed.WithDot()),
        BackspacePressed => Key(state, keyed => keyed.WithoutLast()),
        ClearPressed => state.OpenOnScreen is null ? new(Free(state)) : new(state),
        CancelPressed => Cancel(state),
        PayPressed pay => Pay(state, pay),
        ListPressed list => List(state, list.At),
        LinkChanged link => new(state with { Online = link.Online, LinkError = link.Online ? null : link.Why }),
        Ticked tick => Tick(state, tick.At),
        QrReceived qr => answers.OnQr(state, qr),
        RefusalReceived refusal => answers.OnRefusal(state, refusal),
        ResultReceived result => answers.OnResult(state, result),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "Not an event of the till."),
    };

    /// <summary>
    /// What is done on start with the orders that have no end: what was on the screen when the process died is no longer there, so it is cancelled.
    /// </summary>
    /// <param name="open">Orders without an end state, oldest first.</param>
    /// <param name="newest">The newest order of all, ended or not: the line is about it. Null on a new machine.</param>
    public static TillStep Recover(IReadOnlyList<Order> open, Order? newest)
    {
        var cancelled = open.Where(order => order.Stage is OrderStage.Requested or OrderStage.AwaitingPayment).Select(Cancelled).ToList();
        return new(
            TillState.Start with { Previous = cancelled.Find(order => order.Id == newest?.Id) ?? newest },
            [.. cancelled.Select(order => new Save(order, Unanswered.Cancel))]);
    }

    /// <summary>
    /// What is shown when an event's outcome could not be stored (a full disk). What the cloud says is shown all the same, because the diner stands there; it is
    /// neither acknowledged nor spoken, so that the cloud says it again. Whatever else was asked did not happen, and the till is free.
    /// </summary>
    public TillState Unstored(TillState state, TillEvent happened) => happened switch
    {
        ResultReceived result => answers.OnResult(state, result with { Fresh = null }).State,
        RefusalReceived refusal => answers.OnRefusal(state, refusal).State,
        _ => Faulty(state, happened.At),
    };

    /// <summary>The till is free and says that the machine has a fault; an order that stood there goes on in the line, as it was stored last.</summary>
    public TillState Faulty(TillState state, DateTimeOffset at) =>
        (state.OpenOnScreen is { } open ? state with { Face = Keying.Empty, Previous = open } : state)
        with
        { Notice = (Notice.Fault, at + limits.NoticeStays), ListUntil = null };

    private static TillStep Key(TillState state, Func<KeyedAmount, KeyedAmount> press)
    {
        if (state.OpenOnScreen is not null)
            return new(state);
        var before = state.Face is Keying keying ? keying.Amount : KeyedAmount.Empty;
        return new(Free(state) with { Face = new Keying(press(before)) });
    }

    private TillStep Pay(TillState state, PayPressed pay)
    {
        if (state.Face is not Keying keying)
            return new(state.OpenOnScreen is null ? Free(state) : state);
        var notice = (state.Online, keying.Amount.Amount.IsKeyable, pay.Fresh) switch
        {
            (false, _, _) => Notice.Offline,
            (_, false, _) => Notice.NoAmount,
            (_, _, null) => Notice.OutboxFull,
            _ => (Notice?)null,
        };
        if (notice is { } words)
            return new(state with { Notice = (words, pay.At + limits.NoticeStays), ListUntil = null });
        var order = new Order { Id = pay.Fresh!.Id, Amount = keying.Amount.Amount, RequestedAt = pay.Fresh.RequestedAt };
        return new(
            state with { Face = new WaitingForQr(order, pay.At + limits.NoQr), Notice = null, ListUntil = null },
            [new Save(order, Unanswered.Request)]);
    }

    private static TillStep Cancel(TillState state) => state.OpenOnScreen is { } order
        ? GiveUp(state, order, _ => Keying.Empty)
        : new(Free(state));

    private TillStep List(TillState state, DateTimeOffset at) => state.OpenOnScreen is null
        ? new(Leave(state) with { ListUntil = state.ListUntil is null ? at + limits.ListStays : null })
        : new(state);

    private TillStep Tick(TillState state, DateTimeOffset at)
    {
        if (state.Notice is { } notice && at >= notice.Until)
            state = state with { Notice = null };
        if (at >= state.ListUntil)
            state = state with { ListUntil = null };
        return state.Face switch
        {
            WaitingForQr waiting when at >= waiting.Until => GiveUp(state, waiting.Order, order => new Ended(order, Ending.NoQr, at + limits.ResultStays)),
            ShowingQr showing when at >= showing.Until => GiveUp(state, showing.Order, order => new Ended(order, Ending.Expired, at + limits.ResultStays)),
            Ended ended when at >= ended.Until => new(Leave(state)),
            _ => new(state),
        };
    }

    /// <summary>The till is free at once; the order goes on in the line of the previous payment until its result comes.</summary>
    private static TillStep GiveUp(TillState state, Order order, Func<Order, Face> next)
    {
        var cancelled = Cancelled(order);
        return new(state with { Face = next(cancelled), Previous = cancelled, Notice = null }, [new Save(cancelled, Unanswered.Cancel)]);
    }

    private static Order Cancelled(Order order) => order with { Stage = OrderStage.Cancelled };

    /// <summary>Nothing keyed, nothing covering the screen.</summary>
    private static TillState Free(TillState state) => Leave(state) with { Face = Keying.Empty, Notice = null, ListUntil = null };

    /// <summary>A result leaves the middle of the screen for the line of the previous payment: 上一笔 is always the order that was there last.</summary>
    private static TillState Leave(TillState state) => state.Face is Ended ended ? state with { Face = Keying.Empty, Previous = ended.Order } : state;
}

/// <summary>A state and what is to be done about it, in order.</summary>
internal sealed record TillStep(TillState State, IReadOnlyList<TillEffect> Effects)
{
    /// <summary>Nothing is to be done.</summary>
    public TillStep(TillState state)
        : this(state, [])
    {
    }
}
