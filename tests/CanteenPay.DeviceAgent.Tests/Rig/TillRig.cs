using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>A till with the store's part played by a dictionary: what was saved is what later messages find.</summary>
internal sealed class TillRig
{
    public static readonly DeviceId Device = DeviceId.Parse("DEVMACH1");
    public static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, BusinessDay.Offset);

    public TillLimits Limits { get; } = new();
    public TillState State { get; private set; } = TillState.Start;
    public DateTimeOffset Now { get; private set; } = Noon;
    public Dictionary<OrderId, Order> Stored { get; } = [];
    public Dictionary<OrderId, Unanswered> Outbox { get; } = [];
    public Dictionary<string, Refund> Refunds { get; } = [];
    public List<TillEffect> Effects { get; } = [];

    /// <summary>Orders of which the cloud said, with their own amount, that they are paid.</summary>
    public HashSet<OrderId> ReportedPaid { get; } = [];

    /// <summary>Orders for which the cloud sent a QR over their own amount.</summary>
    public HashSet<OrderId> OfferedQr { get; } = [];

    public IEnumerable<Speak> Spoken => Effects.OfType<Speak>();

    public static TillRig Online()
    {
        var rig = new TillRig();
        rig.Happens(new LinkChanged(rig.Now, Online: true));
        return rig;
    }

    public IReadOnlyList<TillEffect> Happens(TillEvent happened)
    {
        var step = new Till(Limits).Step(State, happened);
        State = step.State;
        Effects.AddRange(step.Effects);
        foreach (var save in step.Effects.OfType<Save>())
            (Stored[save.Order.Id], Outbox[save.Order.Id]) = (save.Order, save.Unanswered);
        foreach (var save in step.Effects.OfType<SaveRefund>())
            (Stored[save.Order.Id], Refunds[save.Refund.Key]) = (save.Order, save.Refund);
        return step.Effects;
    }

    public TillRig Keys(string keys)
    {
        foreach (var key in keys)
            Happens(char.IsAsciiDigit(key) ? new DigitPressed(Now, key - '0') : new DotPressed(Now));
        return this;
    }

    public IReadOnlyList<TillEffect> Pay() => Happens(new PayPressed(Now, Fresh()));

    public FreshOrder Fresh() => new(OrderId.New(BusinessDay.Of(Now), Merchant, Device), Now);

    public IReadOnlyList<TillEffect> Passes(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Happens(new Ticked(Now));
    }

    /// <summary>Keys an amount and asks for its QR.</summary>
    public Order Ask(string amount = "12.50")
    {
        Keys(amount).Pay();
        return State.Face.ShouldBeOfType<WaitingForQr>().Order;
    }

    /// <summary>Keys an amount and shows its QR.</summary>
    public Order ShowQr(string amount = "12.50")
    {
        var order = Ask(amount);
        Qr(order);
        return State.Face.ShouldBeOfType<ShowingQr>().Order;
    }

    public IReadOnlyList<TillEffect> Qr(Order order, Fen? amount = null, string text = "https://bank/qr", int expires = 120)
    {
        if (amount is null || amount == order.Amount)
            OfferedQr.Add(order.Id);
        return Happens(new QrReceived(Now, new PayQr { OrderId = order.Id, Amount = amount ?? order.Amount, Qr = text, ExpiresInS = expires }, Stored.GetValueOrDefault(order.Id)));
    }

    public IReadOnlyList<TillEffect> Refuse(Order order, string code = RefusalCode.ChannelRefused) =>
        Happens(new RefusalReceived(Now, new PayRefused { OrderId = order.Id, Code = code, Message = new("渠道拒绝", "refused") }, Stored.GetValueOrDefault(order.Id)));

    public IReadOnlyList<TillEffect> Result(
        Order order, PayOutcome outcome, Fen? amount = null, bool say = true, long? ageMs = 500, double waitedSeconds = 0, Wallet? wallet = Wallet.Alipay,
        TimeSpan? expiry = null)
    {
        if (outcome == PayOutcome.Paid && (amount is null || amount == order.Amount))
            ReportedPaid.Add(order.Id);
        return Happens(new ResultReceived(Now, Now.AddSeconds(-waitedSeconds), ResultOf(order.Id, amount ?? order.Amount, outcome, say, ageMs, wallet), Stored.GetValueOrDefault(order.Id), Fresh(), expiry));
    }

    /// <summary>退款, as the till's surroundings would hand it over.</summary>
    public IReadOnlyList<TillEffect> PressRefund(PinLock pin = PinLock.Open, bool timeKnown = true, bool hasRoom = true, int daysLater = 0) => Happens(new RefundPressed(
        Now, State.RefundTarget is { } id ? Stored.GetValueOrDefault(id) : null, pin, timeKnown ? BusinessDay.Of(Now).AddDays(daysLater) : null, hasRoom));

    /// <summary>The PIN was keyed and 确认 pressed.</summary>
    public IReadOnlyList<TillEffect> EnterPin(PinAnswer answer = PinAnswer.Right, int triesLeft = 4)
    {
        var order = State.Face is EnteringPin { Purpose: AllowRefund refund } ? Stored[refund.Order.Id] : null;
        return Keys("2468").Happens(new PinEntered(Now, new(answer, triesLeft), order, new(Crockford.Random(PayRefund.RefundKeyLength), Now)));
    }

    /// <summary>All keys of a refund of the previous payment.</summary>
    public Refund AskRefund(string amount = "")
    {
        PressRefund();
        Keys(amount).Pay();
        EnterPin();
        return State.Face.ShouldBeOfType<RefundShown>().Refund;
    }

    public IReadOnlyList<TillEffect> RefundResult(
        Refund refund, RefundProgress progress, Fen? amount = null, Fen? soFar = null, bool say = true, long? ageMs = 500, double waitedSeconds = 0) =>
        Happens(new RefundResultReceived(
            Now,
            Now.AddSeconds(-waitedSeconds),
            RefundResultOf(refund, progress, amount, soFar, say, ageMs),
            Stored.GetValueOrDefault(refund.OrderId),
            Refunds.GetValueOrDefault(refund.Key)));

    public static PayRefundResult RefundResultOf(
        Refund refund, RefundProgress progress, Fen? amount = null, Fen? soFar = null, bool say = true, long? ageMs = 500) => new()
        {
            OrderId = refund.OrderId,
            RefundKey = refund.Key,
            Amount = amount ?? refund.Amount,
            Progress = progress,
            RefundedSoFar = soFar ?? (progress == RefundProgress.Refunded ? refund.Amount : Fen.Zero),
            Code = progress == RefundProgress.Refused ? RefusalCode.ChannelRefused : null,
            Message = progress == RefundProgress.Refused ? new("余额不足", "not enough funds") : null,
            AgeMs = ageMs,
            Say = say && progress == RefundProgress.Refunded ? "…" : null,
        };

    /// <summary>An order that was paid on this screen a moment ago.</summary>
    public Order PaidOrder(string amount = "12.50")
    {
        var order = ShowQr(amount);
        Result(order, PayOutcome.Paid);
        return Stored[order.Id];
    }

    public static PayResult ResultOf(OrderId order, Fen amount, PayOutcome outcome, bool say = true, long? ageMs = 500, Wallet? wallet = Wallet.Alipay) => new()
    {
        OrderId = order,
        Amount = amount,
        Outcome = outcome,
        Wallet = wallet,
        PaidAt = Noon,
        AgeMs = ageMs,
        Say = say ? "…" : null,
        Clips = say ? ["alipay"] : null,
    };
}
