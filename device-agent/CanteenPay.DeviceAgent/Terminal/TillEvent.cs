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
internal sealed record PayPressed(DateTimeOffset At, FreshOrder? Fresh) : TillEvent(At);

/// <summary>取消: give up on the order on the screen.</summary>
internal sealed record CancelPressed(DateTimeOffset At) : TillEvent(At);

/// <summary>记录: the last payments.</summary>
internal sealed record ListPressed(DateTimeOffset At) : TillEvent(At);

/// <summary>Time has passed.</summary>
internal sealed record Ticked(DateTimeOffset At) : TillEvent(At);

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

/// <summary>What a new order needs from outside: chance and the clock.</summary>
/// <param name="Id">A new id.</param>
/// <param name="RequestedAt">Now, by the corrected clock.</param>
internal sealed record FreshOrder(OrderId Id, DateTimeOffset RequestedAt);
