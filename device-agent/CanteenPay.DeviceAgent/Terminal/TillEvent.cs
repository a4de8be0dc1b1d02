using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Something that happens to the till.</summary>
/// <param name="At">When, by a clock that never jumps (see <c>MachineClock.Steady</c>).</param>
internal abstract record TillEvent(DateTimeOffset At);

/// <summary>A digit key.</summary>
internal sealed record DigitPressed(DateTimeOffset At, int Digit) : TillEvent(At);

/// <summary>The decimal point.</summary>
internal sealed record DotPressed(DateTimeOffset At) : TillEvent(At);

/// <summary>Take back the last key.</summary>
internal sealed record BackspacePressed(DateTimeOffset At) : TillEvent(At);

/// <summary>清除: forget what was keyed.</summary>
internal sealed record ClearPressed(DateTimeOffset At) : TillEvent(At);

/// <summary>云支付.</summary>
/// <param name="At">When.</param>
/// <param name="Fresh">Id and time for an order, should one come of it; null when no more messages can be stored.</param>
/// <param name="TimeKnown">The cloud has told its time: the id will bear the right date.</param>
internal sealed record PayPressed(DateTimeOffset At, FreshOrder? Fresh, bool TimeKnown = true) : TillEvent(At);

/// <summary>取消: give up on the order on the screen.</summary>
internal sealed record CancelPressed(DateTimeOffset At) : TillEvent(At);

/// <summary>记录: the last payments.</summary>
internal sealed record ListPressed(DateTimeOffset At) : TillEvent(At);

/// <summary>An arrow key: the choice in the list moves.</summary>
/// <param name="At">When.</param>
/// <param name="By">So many rows down; negative up.</param>
/// <param name="List">The orders in the list, newest first.</param>
internal sealed record MovePressed(DateTimeOffset At, int By, IReadOnlyList<Order> List) : TillEvent(At);

/// <summary>A row of the list was touched.</summary>
internal sealed record RowTouched(DateTimeOffset At, OrderId OrderId) : TillEvent(At);

/// <summary>退款.</summary>
/// <param name="At">When.</param>
/// <param name="Target">The order chosen, as stored; null when there is none.</param>
/// <param name="Lock">How the manager's PIN stands.</param>
/// <param name="Today">The business day by the cloud's time; null while that is not known.</param>
/// <param name="HasRoom">One more message can be stored.</param>
internal sealed record RefundPressed(DateTimeOffset At, Order? Target, PinLock Lock, DateOnly? Today, bool HasRoom = true) : TillEvent(At);

/// <summary>The PIN was entered, and looked at.</summary>
/// <param name="At">When.</param>
/// <param name="Verdict">What it is worth.</param>
/// <param name="Known">The order to be refunded, as stored now.</param>
/// <param name="Fresh">Key and time for a refund; null while the cloud's time is not known.</param>
internal sealed record PinEntered(DateTimeOffset At, PinVerdict Verdict, Order? Known, FreshRefund? Fresh) : TillEvent(At);

/// <summary>Somebody has read that the database was damaged.</summary>
internal sealed record DamageNoticePressed(DateTimeOffset At, PinLock Lock) : TillEvent(At);

/// <summary>How the manager's PIN stands.</summary>
internal enum PinLock
{
    /// <summary>This machine has none.</summary>
    NotSet,

    /// <summary>It may be entered.</summary>
    Open,

    /// <summary>Too many wrong ones were entered.</summary>
    Locked,
}

/// <summary>Time has passed.</summary>
/// <param name="At">Now.</param>
/// <param name="Fresh">Id and time for the order that waits for the cloud's time, if one does.</param>
/// <param name="TimeKnown">The cloud has told its time.</param>
internal sealed record Ticked(DateTimeOffset At, FreshOrder? Fresh = null, bool TimeKnown = true) : TillEvent(At);

/// <summary>The link to the cloud came or went, or there is another reason why it does not come.</summary>
internal sealed record LinkChanged(DateTimeOffset At, bool Online, string? Why = null) : TillEvent(At);

/// <summary>The cloud sent a QR.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Message">What arrived.</param>
/// <param name="Known">The order of that id as stored here; null when there is none.</param>
internal sealed record QrReceived(DateTimeOffset At, PayQr Message, Order? Known) : TillEvent(At);

/// <summary>The cloud refused an order.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Message">What arrived.</param>
/// <param name="Known">The order of that id as stored here; null when there is none.</param>
internal sealed record RefusalReceived(DateTimeOffset At, PayRefused Message, Order? Known) : TillEvent(At);

/// <summary>The cloud said how an order stands.</summary>
/// <param name="At">Now.</param>
/// <param name="ReceivedAt">When it arrived: what it waited since then counts to the age of the payment.</param>
/// <param name="Message">What arrived.</param>
/// <param name="Known">The order of that id as stored here; null when there is none.</param>
/// <param name="Fresh">Id and time for a successor, should one be needed.</param>
/// <param name="Expiry">What was left of the message's own life when it arrived; null when it has no end.</param>
internal sealed record ResultReceived(
    DateTimeOffset At, DateTimeOffset ReceivedAt, PayResult Message, Order? Known, FreshOrder? Fresh, TimeSpan? Expiry = null) : TillEvent(At);

/// <summary>The cloud said how a refund of this till stands.</summary>
/// <param name="At">Now.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Message">What arrived.</param>
/// <param name="Order">The order as stored here; null when there is none.</param>
/// <param name="Refund">The refund of that key of that order as stored here; null when there is none.</param>
/// <param name="Expiry">What was left of the message's own life when it arrived; null when it has no end.</param>
internal sealed record RefundResultReceived(
    DateTimeOffset At, DateTimeOffset ReceivedAt, PayRefundResult Message, Order? Order, Refund? Refund, TimeSpan? Expiry = null) : TillEvent(At);

/// <summary>What a new refund needs from outside: chance and the clock.</summary>
/// <param name="Key">A new key.</param>
/// <param name="RequestedAt">Now, by the corrected clock.</param>
internal sealed record FreshRefund(string Key, DateTimeOffset RequestedAt);

/// <summary>What a new order needs from outside: chance and the clock.</summary>
/// <param name="Id">A new id.</param>
/// <param name="RequestedAt">Now, by the corrected clock.</param>
internal sealed record FreshOrder(OrderId Id, DateTimeOffset RequestedAt);
