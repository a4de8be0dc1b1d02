using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>
/// Refunds at the till: an order is chosen, an amount, a manager's PIN; then the till is free for the next diner, and the refund goes on by itself.
/// Pure, as the rest of the till.
/// </summary>
/// <param name="limits">How long the till waits for what.</param>
internal sealed class TillRefunds(TillLimits limits)
{
    /// <summary>退款: of the order chosen in the list, or of the previous payment.</summary>
    public TillStep Begin(TillState state, RefundPressed e)
    {
        if (state.IsBusy)
            return new(state);
        if (Refusal(state, e) is { } notice)
            return new(state with { Notice = (notice, e.At + limits.NoticeStays) });
        return new(Clear(state) with { Face = new EnteringRefund(e.Target!, KeyedAmount.Empty, e.At + limits.ManagerStays) });
    }

    /// <summary>A manager wants the word of the damaged database gone. Without a PIN on this machine, the key is enough.</summary>
    public TillStep BeginConfirm(TillState state, DamageNoticePressed e)
    {
        if (state.Damage is null || state.IsBusy)
            return new(state);
        return e.Lock switch
        {
            PinLock.NotSet => Confirmed(state),
            PinLock.Locked => new(state with { Notice = (Notice.PinLocked, e.At + limits.NoticeStays) }),
            _ => new(Clear(state) with { Face = new EnteringPin(new ConfirmDamage(), Pin.Empty, TriesLeft: null, e.At + limits.ManagerStays) }),
        };
    }

    /// <summary>A key of the manager.</summary>
    /// <param name="state">The till.</param>
    /// <param name="face">What is being asked.</param>
    /// <param name="happened">The key.</param>
    public TillStep Key(TillState state, ManagerFace face, TillEvent happened) => (face, happened) switch
    {
        (_, CancelPressed) => new(Leave(state)),
        (EnteringRefund entering, PayPressed) => ToPin(state, entering, happened.At),
        (EnteringRefund entering, _) => Stay(state, happened.At, entering with { Keyed = Keyed(entering.Keyed, happened) }),
        (EnteringPin entering, PinEntered entered) => AfterPin(state, entering, entered),
        (EnteringPin entering, _) => Stay(state, happened.At, entering with { Pin = Keyed(entering.Pin, happened) }),
        _ => throw new ArgumentOutOfRangeException(nameof(face), face, "Not a step of the manager."),
    };

    /// <summary>How a refund stands. Stored, then spoken: in this order, so that nothing is spoken twice.</summary>
    public TillStep OnResult(TillState state, RefundResultReceived e)
    {
        var message = e.Message;
        if (e.Order is not { } order || e.Refund is not { } refund)
            return new(state, [new Ignored(message.OrderId, IgnoredBecause.UnknownRefund)]);
        if (message.Amount != refund.Amount || message.RefundedSoFar < Fen.Zero || message.RefundedSoFar > order.Amount)
            return new(state, [new Ignored(order.Id, IgnoredBecause.AmountDiffers)]);

        var (after, next) = RefundRules.After(order, refund, message);
        var deadline = SpeakingDeadline.Of(limits, e.ReceivedAt, message.AgeMs, e.Expiry);
        var words = e.At < deadline ? RefundRules.Words(next, message) : null;
        next = next with { Spoken = next.Spoken || words is not null };
        after = after.Refund?.Key == next.Key ? after with { Refund = next } : after;
        if (after == order && next == refund)
            return new(state);
        List<TillEffect> effects = [new SaveRefund(after, next)];
        if (words is not null)
            effects.Add(new Speak(order.Id, words, deadline, next.Key));
        return new(Show(state, after, next, e.At), effects);
    }

    /// <summary>The middle of the screen and the line, with what became of a refund.</summary>
    private TillState Show(TillState state, Order order, Refund refund, DateTimeOffset at)
    {
        var isLine = state.Previous is null || state.Previous.Id == order.Id || refund.IsEnded;
        var shown = state.Face switch
        {
            RefundShown before when before.Refund.Key == refund.Key => state with
            {
                Face = new RefundShown(order, refund, refund.Stage == before.Refund.Stage ? before.Until : at + limits.ResultStays),
            },
            Ended ended when ended.Order.Id == order.Id => state with { Face = ended with { Order = order } },
            _ => state,
        };
        return isLine ? shown with { Previous = order } : shown;
    }

    private static Notice? Refusal(TillState state, RefundPressed e) => e switch
    {
        { Lock: PinLock.NotSet } => Notice.RefundOff,
        _ when !state.Online => Notice.RefundOffline,
        { Today: null } => Notice.ClockUnknown,
        { Lock: PinLock.Locked } => Notice.PinLocked,
        { HasRoom: false } => Notice.OutboxFull,
        { Today: { } today } => RefundRules.Refusal(e.Target, today),
    };

    private TillStep ToPin(TillState state, EnteringRefund entering, DateTimeOffset at)
    {
        if (entering.Amount <= Fen.Zero)
            return new(state with { Notice = (Notice.NoAmount, at + limits.NoticeStays) });
        return entering.Amount > RefundRules.Left(entering.Order)
            ? new(state with { Notice = (Notice.RefundTooMuch, at + limits.NoticeStays) })
            : Stay(state, at, new EnteringPin(new AllowRefund(entering.Order, entering.Amount), Pin.Empty, TriesLeft: null, at + limits.ManagerStays));
    }

    private TillStep AfterPin(TillState state, EnteringPin entering, PinEntered e) => e.Verdict switch
    {
        { Answer: PinAnswer.Locked } => new(Leave(state) with { Notice = (Notice.PinLocked, e.At + limits.NoticeStays) }),
        { Answer: PinAnswer.Wrong, TriesLeft: var left } => Stay(state, e.At, entering with { Pin = Pin.Empty, TriesLeft = left }),
        _ when entering.Purpose is AllowRefund allowed => Ask(state, allowed, e),
        _ when entering.Purpose is AllowMode allowed => TillModes.Switched(Leave(state), allowed.Mode),
        _ => Confirmed(Leave(state)),
    };

    /// <summary>Everything is looked at once more: between the first key and the PIN the link may have gone and the cloud may have said something about the order.</summary>
    private TillStep Ask(TillState state, AllowRefund allowed, PinEntered e)
    {
        Notice? refusal = (state.Online, e.Fresh) switch
        {
            (false, _) => Notice.RefundOffline,
            (_, null) => Notice.ClockUnknown,
            (_, { } fresh) => RefundRules.Refusal(e.Known, BusinessDay.Of(fresh.RequestedAt))
                ?? (allowed.Amount > RefundRules.Left(e.Known!) ? Notice.RefundTooMuch : null),
        };
        if (refusal is { } notice)
            return new(Leave(state) with { Notice = (notice, e.At + limits.NoticeStays) });
        var asked = RefundRules.Asked(e.Known!, allowed.Amount, e.Fresh!);
        return new(
            Leave(state) with { Face = new RefundShown(asked, asked.Refund!, e.At + limits.ResultStays), Previous = asked },
            [new SaveRefund(asked, asked.Refund!)]);
    }

    private static TillStep Confirmed(TillState state) => new(state with { Damage = null }, [new DamageConfirmed()]);

    private TillStep Stay(TillState state, DateTimeOffset at, ManagerFace face) =>
        new(state with { Face = face with { Until = at + limits.ManagerStays }, Notice = null });

    private static KeyedAmount Keyed(KeyedAmount before, TillEvent happened) => happened switch
    {
        DigitPressed digit => before.WithDigit(digit.Digit),
        DotPressed => before.WithDot(),
        BackspacePressed => before.WithoutLast(),
        ClearPressed => KeyedAmount.Empty,
        _ => before,
    };

    private static Pin Keyed(Pin before, TillEvent happened) => happened switch
    {
        DigitPressed digit => before.WithDigit(digit.Digit),
        BackspacePressed => before.WithoutLast(),
        ClearPressed => Pin.Empty,
        _ => before,
    };

    private static TillState Leave(TillState state) => state with { Face = Keying.Empty, Notice = null };

    /// <summary>Nothing covers the screen; a result that stood there goes to the line.</summary>
    private static TillState Clear(TillState state) =>
        Till.Leave(state) with { Notice = null, ListUntil = null, Chosen = null };
}
