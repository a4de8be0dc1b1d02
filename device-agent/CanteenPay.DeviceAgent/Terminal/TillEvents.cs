using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Makes events of what reaches the till: adds what the pure rules need of clock, chance and memory.</summary>
internal sealed class TillEvents(TillIdentity identity, OrderStore store, CardStore cards, PinGuard guard, MachineClock clock)
{
    private const int LeastListed = 20;
    private const int MostListed = 500;
    private const int MostTaps = 40;

    /// <summary>The event of an input; null when it is none of the till's.</summary>
    /// <param name="input">What came.</param>
    /// <param name="state">What the till shows.</param>
    /// <param name="list">What its list shows.</param>
    public TillEvent? Of(TillInput input, TillState state, IReadOnlyList<Order> list)
    {
        var now = clock.Steady;
        return input switch
        {
            KeyPressed pressed => OfKey(pressed.Key.Name, now, state, list),
            RowChosen row => new RowTouched(now, row.OrderId),
            CardSignalled { Signal: CardRead card } => OfCard(card, now, state),
            CardSignalled { Signal: CardLeftEarly } => new CardLeft(now),
            ClockTicked when state.Face is WaitingForTime => new Ticked(now, Fresh(), clock.IsLearnt),
            ClockTicked => new Ticked(now),
            CloudSaid { Message: PayQr qr } => new QrReceived(now, qr, store.Find(qr.OrderId)),
            CloudSaid { Message: PayRefused refused } => new RefusalReceived(now, refused, store.Find(refused.OrderId)),
            CloudSaid { Message: PayResult result } said => new ResultReceived(now, said.ReceivedAt, result, store.Find(result.OrderId), Fresh(), said.Expiry),
            CloudSaid { Message: PayRefundResult result } said => OfRefund(result, said, now),
            _ => null,
        };
    }

    /// <summary>The payments of today, and at least the last 20, newest first.</summary>
    public IReadOnlyList<Order> List()
    {
        var today = BusinessDay.Of(clock.Corrected);
        return [.. store.Newest(MostListed).Where((order, index) => index < LeastListed || BusinessDay.Of(order.RequestedAt) == today)];
    }

    /// <summary>The newest taps and reversals, newest first.</summary>
    public IReadOnlyList<Tap> Taps() => cards.Newest(MostTaps);

    /// <summary>The newest tap or reversal; null when there is none.</summary>
    public Tap? LastTap() => cards.Last();

    private CardPresented OfCard(CardRead card, DateTimeOffset now, TillState state)
    {
        var situation = cards.Look(card.No);
        var question = TillTaps.Question(state, card.No, FreshTap(), cards.Now, card.Source == CardSource.TypedUid);
        return new(now, question, situation);
    }

    private UndoPressed OfUndo(DateTimeOffset now)
    {
        var last = cards.Last();
        return new(now, last, FreshTap(), cards.Now, last is null ? null : cards.View(last.AccountId), cards.Standing().Stop);
    }

    private TapId FreshTap() => TapId.New(identity.Draw);

    private TillEvent OfKey(string key, DateTimeOffset now, TillState state, IReadOnlyList<Order> list) => key switch
    {
        [>= '0' and <= '9' and var digit] => new DigitPressed(now, digit - '0'),
        "dot" => new DotPressed(now),
        "backspace" => new BackspacePressed(now),
        "clear" => new ClearPressed(now),
        "pay" when state.Face is EnteringPin entering => Entered(entering, now),
        "pay" => new PayPressed(now, Fresh(), clock.IsLearnt),
        "cancel" => new CancelPressed(now),
        "list" => new ListPressed(now),
        "up" => new MovePressed(now, -1, list),
        "down" => new MovePressed(now, 1, list),
        "refund" => new RefundPressed(now, Stored(state.RefundTarget), guard.Lock, clock.IsLearnt ? BusinessDay.Of(clock.Corrected) : null, HasRoom()),
        "damage" => new DamageNoticePressed(now, guard.Lock),
        "undo" => OfUndo(now),
        "mode" => new ModePressed(now, guard.Lock),
        _ => throw new InvalidOperationException($"'{key}' is not a key."),
    };

    /// <summary>A PIN that is too short is not looked at, and costs no try.</summary>
    private TillEvent Entered(EnteringPin entering, DateTimeOffset now) => entering.Pin.Length < Pin.MinLength
        ? new PayPressed(now, Fresh: null)
        : new PinEntered(
            now,
            guard.Check(entering.Pin),
            entering.Purpose is AllowRefund refund ? store.Find(refund.Order.Id) : null,
            clock.IsLearnt ? new(identity.Draw(PayRefund.RefundKeyLength), clock.Corrected) : null);

    private RefundResultReceived OfRefund(PayRefundResult result, CloudSaid said, DateTimeOffset now) =>
        new(now, said.ReceivedAt, result, store.Find(result.OrderId), store.FindRefund(result.OrderId, result.RefundKey), said.Expiry);

    private Order? Stored(OrderId? id) => id is { } known ? store.Find(known) : null;

    private FreshOrder? Fresh()
    {
        var now = clock.Corrected;
        return HasRoom() ? new(OrderId.New(BusinessDay.Of(now), identity.Merchant, identity.Device, identity.Draw), now) : null;
    }

    private bool HasRoom() => store.Count().Unanswered < OrderStore.MaxUnanswered;
}
