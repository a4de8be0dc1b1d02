using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>The till as a pure state machine: no clock, no chance, no I/O. The drawing is in the README of this project.</summary>
/// <param name="limits">How long it waits for what.</param>
internal sealed class Till(TillLimits limits)
{
    private readonly TillAnswers answers = new(limits);
    private readonly TillRefunds refunds = new(limits);
    private readonly TillList list = new(limits);
    private readonly TillTaps taps = new(limits);
    private readonly TillModes modes = new(limits);

    /// <summary>What an event makes of a state, and what is to be done, in order.</summary>
    public TillStep Step(TillState state, TillEvent happened)
    {
        var step = StepOf(state, happened);
        return step with { State = TillTaps.Line(state, step.State) };
    }

    private TillStep StepOf(TillState state, TillEvent happened) => (state.Face, happened) switch
    {
        (ChoosingMode choosing, DigitPressed or DotPressed or BackspacePressed or ClearPressed or PayPressed) => modes.Key(state, choosing, happened),
        (ManagerFace manager, DigitPressed or DotPressed or BackspacePressed or ClearPressed or CancelPressed or PayPressed or PinEntered) =>
            refunds.Key(state, manager, happened),
        _ => Other(state, happened),
    };

    private TillStep Other(TillState state, TillEvent happened) => happened switch
    {
        DigitPressed digit => Key(state, keyed => keyed.WithDigit(digit.Digit, state.Cards)),
        DotPressed => Dot(state, happened.At),
        BackspacePressed => Key(state, keyed => keyed.WithoutLast(state.Cards)),
        ClearPressed => state.OpenOnScreen is null ? new(Free(state)) : new(state),
        CancelPressed => Cancel(state),
        PayPressed pay => Pay(state, pay),
        ListPressed pressed => list.OnKey(state, pressed.At),
        MovePressed move => list.OnMove(state, move),
        RowTouched row => list.OnTouch(state, row),
        RefundPressed refund => refunds.Begin(state, refund),
        DamageNoticePressed pressed => refunds.BeginConfirm(state, pressed),
        CardPresented card => taps.OnCard(state, card),
        CardLeft left => taps.OnLeft(state, left),
        UndoPressed undo => taps.Undo(state, undo),
        ModePressed mode => modes.Begin(state, mode),
        CardsLookedAt looked => new(TillModes.Seen(state, looked.Cards)),
        // The step that it was for is gone.
        PinEntered => new(state),
        LinkChanged link => new(state with { Online = link.Online, LinkError = link.Online ? null : link.Why }),
        Ticked tick => Tick(state, tick),
        QrReceived qr => answers.OnQr(state, qr),
        RefusalReceived refusal => answers.OnRefusal(state, refusal),
        ResultReceived result => answers.OnResult(state, result),
        RefundResultReceived result => refunds.OnResult(state, result),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "Not an event of the till."),
    };

    /// <summary>
    /// What is done on start with the orders that have no end: what was on the screen when the process died is no longer there, so it is cancelled.
    /// </summary>
    /// <param name="open">Orders without an end state, oldest first.</param>
    /// <param name="newest">The newest order of all, ended or not: the line is about it. Null on a new machine.</param>
    /// <param name="damage">A damaged database that no manager has confirmed yet.</param>
    /// <param name="lastTap">The newest tap or reversal: if it is newer than the newest order, the line is about it. It is not spoken of again.</param>
    public static TillStep Recover(IReadOnlyList<Order> open, Order? newest, Damage? damage = null, Tap? lastTap = null)
    {
        var cancelled = open.Where(order => order.Stage is OrderStage.Requested or OrderStage.AwaitingPayment).Select(Cancelled).ToList();
        return new(
            TillState.Start with
            {
                Previous = cancelled.Find(order => order.Id == newest?.Id) ?? newest,
                PreviousTap = newest?.RequestedAt > lastTap?.At ? null : lastTap,
                Damage = damage,
            },
            [.. cancelled.Select(order => new Save(order, Unanswered.Cancel))]);
    }

    /// <summary>
    /// What is shown when an event's outcome could not be stored (a full disk). What the cloud says is shown all the same, because the diner stands there; it is
    /// neither acknowledged nor spoken, so that the cloud says it again. Whatever else was asked did not happen, and the till is free.
    /// </summary>
    public TillState Unstored(TillState state, TillEvent happened) => happened switch
    {
        ResultReceived result => answers.OnResult(state, result with { Fresh = null }).State,
        RefundResultReceived result => refunds.OnResult(state, result).State,
        RefusalReceived refusal => answers.OnRefusal(state, refusal).State,
        _ => Faulty(state, happened.At),
    };

    /// <summary>The till is free and says that the machine has a fault; an order that stood there goes on in the line, as it was stored last.</summary>
    public TillState Faulty(TillState state, DateTimeOffset at) =>
        (state switch
        {
            { OpenOnScreen: { } open } => state with { Face = Keying.Empty, Previous = open },
            { Face: ManagerFace or WaitingForTime } => state with { Face = Keying.Empty },
            _ => TillTaps.Settle(state),
        })
        with
        { Notice = (Notice.Fault, at + limits.NoticeStays), ListUntil = null, Chosen = null };

    /// <summary>What is said when a card could not be stored, and at a start with a damaged database that nobody has confirmed.</summary>
    public SpeakTap FaultWords(DateTimeOffset at) => new(new([Clip.Fault]), at + limits.SpeakTapWithin);

    private static TillStep Key(TillState state, Func<Keying, Keying> press)
    {
        if (state.OpenOnScreen is not null)
            return new(state);
        if (state.Face is WaitingForTime)
            return new(state);
        var before = state.Face is Keying keying ? keying : Keying.Empty;
        return new(Free(state) with { Face = press(before) });
    }

    /// <summary>The decimal point; 加 where items are sold by number.</summary>
    private TillStep Dot(TillState state, DateTimeOffset at)
    {
        if (state.Cards?.Mode != TapMode.Item)
            return Key(state, keyed => keyed.WithDot());
        if (state.Face is not Keying keying)
            return Key(state, keyed => keyed);
        var added = keying.Basket.Added();
        var isFull = added == keying.Basket && !added.IsEmpty;
        return (keying.Basket.Problem ?? (isFull ? Notice.BasketFull : (Notice?)null)) is { } problem
            ? new(state with { Notice = (problem, at + limits.NoticeStays), ListUntil = null, Chosen = null })
            : Key(state, keyed => keyed with { Basket = added });
    }

    private TillStep Pay(TillState state, PayPressed pay)
    {
        // What a card did not pay a phone may.
        if (state.Face is TapShown { Kept.IsEmpty: false })
            state = TillTaps.Settle(state);
        if (state.Face is not Keying keying)
            return new(state.OpenOnScreen is null && state.Face is not WaitingForTime ? Free(state) : state);
        var amount = keying.ToCollect(state.Cards);
        var notice = (state.Online, keying.Basket.Problem, amount.IsKeyable, pay.Fresh) switch
        {
            (false, _, _, _) => Notice.Offline,
            (_, { } problem, _, _) => problem,
            (_, _, false, _) => Notice.NoAmount,
            (_, _, _, null) => Notice.OutboxFull,
            _ => (Notice?)null,
        };
        if (notice is { } words)
            return new(state with { Notice = (words, pay.At + limits.NoticeStays), ListUntil = null, Chosen = null });
        var free = state with { Notice = null, ListUntil = null, Chosen = null };
        return pay.TimeKnown ? Ask(free, amount, pay.Fresh!, pay.At) : new(free with { Face = new WaitingForTime(keying, amount, pay.At) });
    }

    private TillStep Ask(TillState state, Fen amount, FreshOrder fresh, DateTimeOffset pressedAt)
    {
        var order = new Order { Id = fresh.Id, Amount = amount, RequestedAt = fresh.RequestedAt };
        return new(state with { Face = new WaitingForQr(order, pressedAt + limits.NoQr) }, [new Save(order, Unanswered.Request)]);
    }

    /// <summary>
    /// An id with the date of a wrong clock would be refused. The answer to the status is a moment away when there is a link; should it not come, the order is
    /// made by the machine's own clock all the same: a cloud that answers no status must not stop payments.
    /// </summary>
    private TillStep WaitForTime(TillState state, WaitingForTime waiting, Ticked tick) => (state.Online, tick) switch
    {
        (false, _) => new(state with { Face = waiting.Keyed, Notice = (Notice.Offline, tick.At + limits.NoticeStays) }),
        (_, { TimeKnown: false }) when tick.At < waiting.PressedAt + limits.TimeWithin => new(state),
        (_, { Fresh: null }) => new(state with { Face = waiting.Keyed, Notice = (Notice.OutboxFull, tick.At + limits.NoticeStays) }),
        (_, { Fresh: { } fresh }) => Ask(state, waiting.Amount, fresh, waiting.PressedAt),
    };

    private static TillStep Cancel(TillState state) => state.OpenOnScreen is { } order
        ? GiveUp(state, order, _ => Keying.Empty)
        : new(Free(state));

    private TillStep Tick(TillState state, Ticked tick)
    {
        var at = tick.At;
        if (state.Notice is { } notice && at >= notice.Until)
            state = state with { Notice = null };
        if (at >= state.ListUntil)
            state = state with { ListUntil = null, Chosen = null };
        return state.Face switch
        {
            WaitingForQr waiting when at >= waiting.Until => GiveUp(state, waiting.Order, order => new Ended(order, Ending.NoQr, at + limits.ResultStays)),
            ShowingQr showing when at >= showing.Until => GiveUp(state, showing.Order, order => new Ended(order, Ending.Expired, at + limits.ResultStays)),
            WaitingForTime waiting => WaitForTime(state, waiting, tick),
            Ended ended when at >= ended.Until => new(Leave(state)),
            // A refused amount does not wait for the next diner's card.
            TapShown shown when at >= shown.Until => new(Leave(state)),
            ManagerFace manager when at >= manager.Until => new(state with { Face = Keying.Empty }),
            RefundShown shown when at >= shown.Until => new(state with { Face = Keying.Empty }),
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
    private static TillState Free(TillState state) => Leave(state) with { Face = Keying.Empty, Notice = null, ListUntil = null, Chosen = null };

    /// <summary>A result leaves the middle of the screen for the line of the previous payment: 上一笔 is always the order, or the tap, that was there last.</summary>
    internal static TillState Leave(TillState state) => state.Face switch
    {
        Ended ended => state with { Face = Keying.Empty, Previous = ended.Order },
        TapShown shown => state with { Face = Keying.Empty, PreviousTap = shown.Tap ?? state.PreviousTap },
        _ => state,
    };
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
