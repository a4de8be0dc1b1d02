using CanteenPay.Channels;
using CanteenPay.Protocol;
using Wallet = CanteenPay.Channels.Wallet;

namespace CanteenPay.Functions.Tests;

/// <summary>A bank as the payment facts describe it, whose next answers a test may replace.</summary>
internal sealed class FakeBank(TimeProvider clock) : IPaymentChannel
{
    public const string MerchantId = "7551000001";

    public static readonly Doubt Silence = new(DoubtKind.TimedOut, "time-out", "no answer");

    private readonly Dictionary<string, BankOrder> _orders = new(StringComparer.Ordinal);

    /// <summary>Called before each call reaches the bank.</summary>
    public Action? BeforeCall { get; set; }

    /// <summary>Called after each call has taken effect, before it is answered: throws to kill the caller.</summary>
    public Action<string>? AfterCall { get; set; }

    /// <summary>When true the bank does what it is asked and its answer is lost.</summary>
    public bool AnswersAreLost { get; set; }

    /// <summary>When set, every create is refused with it.</summary>
    public string? Refusal { get; set; }

    /// <summary>When set, every close is answered with it and closes nothing.</summary>
    public CloseOutcome? CloseRefusal { get; set; }

    /// <summary>When set, every refund is answered with it and nothing is done.</summary>
    public RefundOutcome? RefundRefusal { get; set; }

    /// <summary>Happens when the bank has made an order and has not answered yet.</summary>
    public Func<Task>? BeforeCreateAnswer { get; set; }

    /// <summary>Happens while a refund is on its way to the bank.</summary>
    public Func<Task>? BeforeRefund { get; set; }

    /// <summary>How long a refund takes that was accepted.</summary>
    public TimeSpan RefundTakes { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether refunds that were accepted fail in the end.</summary>
    public bool RefundsFail { get; set; }

    /// <summary>Changes what the bank says of a payment.</summary>
    public Func<PaymentFacts, PaymentFacts> Distort { get; set; } = facts => facts;

    public List<string> Calls { get; } = [];

    public string Name => "swiftpass";

    public void Pay(OrderId order)
    {
        var known = _orders[order.Value];
        (known.Closed || known.PaidAt is not null).ShouldBeFalse();
        known.PaidAt = clock.GetUtcNow();
    }

    /// <summary>Money that arrives although the order was closed: a wallet that was already confirming.</summary>
    public void PayLate(OrderId order) => _orders[order.Value].PaidAt = clock.GetUtcNow();

    public bool Holds(OrderId order) => _orders.ContainsKey(order.Value);

    public bool IsClosed(OrderId order) => _orders[order.Value].Closed;

    /// <summary>An attempt that was on its way arrives.</summary>
    public void TakeRefund(OrderId order, string refundNo, long fen) => Refund(order.Value, refundNo, fen).ShouldBeOfType<RefundOutcome.Waiting>();

    /// <summary>What has gone back of an order, or is going.</summary>
    public long RefundedFen(OrderId order) => _orders[order.Value].Refunds.Values.Where(refund => !refund.Failed).Sum(refund => refund.Fen);

    public int RefundCount(OrderId order) => _orders[order.Value].Refunds.Count;

    public NotificationOutcome Notification(OrderId order) => new NotificationOutcome.Paid(Facts(order.Value, _orders[order.Value]));

    public async Task<CreateOutcome> CreateQrOrderAsync(ChannelAccount account, CreateQrOrder request, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke();
        Calls.Add("create");
        CreateOutcome answer;
        if (Refusal is not null)
            answer = new CreateOutcome.Refused("X", Refusal);
        else if (!_orders.TryAdd(request.OrderNo, new(request.AmountFen, request.StartedAt)))
            answer = new CreateOutcome.DuplicateOrderNumber("INVALID_REQUEST", "201 商户订单号重复");
        else
            answer = new CreateOutcome.Created($"https://bank.example.com/q/{request.OrderNo}");
        AfterCall?.Invoke("bank create");
        await (BeforeCreateAnswer?.Invoke() ?? Task.CompletedTask);
        return AnswersAreLost ? new CreateOutcome.Unknown(Silence) : answer;
    }

    public Task<PaymentOutcome> QueryAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke();
        Calls.Add("query");
        AfterCall?.Invoke("bank query");
        return Task.FromResult<PaymentOutcome>(AnswersAreLost ? new PaymentOutcome.Unknown(Silence) : _orders.GetValueOrDefault(orderNo) switch
        {
            null => new PaymentOutcome.NotFound("ORDERNOTEXIST", "no such order"),
            { PaidAt: not null } paid => new PaymentOutcome.Paid(Facts(orderNo, paid)),
            { Closed: true } => new PaymentOutcome.NotPaid("CLOSED", "closed"),
            _ => new PaymentOutcome.Waiting("NOTPAY", "not paid"),
        });
    }

    public Task<CloseOutcome> CloseAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke();
        Calls.Add("close");
        if (CloseRefusal is not null)
            return Task.FromResult(CloseRefusal);
        CloseOutcome answer;
        switch (_orders.GetValueOrDefault(orderNo))
        {
            case null:
                answer = new CloseOutcome.NotFound("ORDERNOTEXIST", "no such order");
                break;
            case { PaidAt: not null }:
                answer = new CloseOutcome.AlreadyPaid("ORDERPAID", "paid");
                break;
            case { } open when clock.GetUtcNow() - open.StartedAt < TimeSpan.FromMinutes(5):
                answer = new CloseOutcome.StillOpen("ORDER_NOT_CLOSE", "too early");
                break;
            case { } open:
                open.Closed = true;
                answer = new CloseOutcome.Closed();
                break;
        }

        AfterCall?.Invoke("bank close");
        return Task.FromResult(AnswersAreLost ? new CloseOutcome.Unknown(Silence) : answer);
    }

    public async Task<RefundOutcome> RefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke();
        Calls.Add("refund");
        await (BeforeRefund?.Invoke() ?? Task.CompletedTask);
        var answer = RefundRefusal ?? Refund(request.OrderNo, request.RefundNo, request.RefundFen);
        AfterCall?.Invoke("bank refund");
        return AnswersAreLost ? new RefundOutcome.Unknown(Silence) : answer;
    }

    public Task<RefundOutcome> QueryRefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke();
        Calls.Add("refund query");
        AfterCall?.Invoke("bank refund query");
        if (AnswersAreLost)
            return Task.FromResult<RefundOutcome>(new RefundOutcome.Unknown(Silence));
        return Task.FromResult<RefundOutcome>(_orders[request.OrderNo].Refunds.GetValueOrDefault(request.RefundNo) switch
        {
            null => new RefundOutcome.NotFound("REFUNDNOTEXIST", "no such refund"),
            { DoneAt: var doneAt } when doneAt > clock.GetUtcNow() => new RefundOutcome.Waiting("PROCESSING", $"R-{request.RefundNo}"),
            { Failed: true } => new RefundOutcome.Refused("FAIL", "退款失败"),
            var refund => new RefundOutcome.Refunded(new RefundFacts
            {
                RefundNo = request.RefundNo,
                OrderNo = request.OrderNo,
                RefundFen = refund.Fen,
                ChannelRefundNo = $"R-{request.RefundNo}",
                RefundedAt = refund.DoneAt,
            }),
        });
    }

    public NotificationOutcome ReadNotification(ChannelAccount account, ReadOnlyMemory<byte> body) =>
        throw new NotSupportedException("Tests hand over what was read.");

    public string NotificationReply(bool accepted) => accepted ? "success" : "fail";

    /// <summary>The same number and amount is the same refund; more than was paid is refused.</summary>
    private RefundOutcome Refund(string orderNo, string refundNo, long fen)
    {
        var order = _orders[orderNo];
        if (order.Refunds.TryGetValue(refundNo, out var before))
            return before.Fen == fen ? new RefundOutcome.Waiting("ACCEPTED", null) : new RefundOutcome.Refused("ERROR_AMOUNT", "another amount");
        if (order.PaidAt is null || order.Refunds.Values.Where(refund => !refund.Failed).Sum(refund => refund.Fen) + fen > order.AmountFen)
            return new RefundOutcome.Refused("REFUND_FEE_EXCEED", "more than was paid");
        order.Refunds.Add(refundNo, new(fen, clock.GetUtcNow() + RefundTakes, RefundsFail));
        return new RefundOutcome.Waiting("ACCEPTED", $"R-{refundNo}");
    }

    private PaymentFacts Facts(string orderNo, BankOrder order) => Distort(new PaymentFacts
    {
        AmountFen = order.AmountFen,
        Currency = "CNY",
        MerchantId = MerchantId,
        OrderNo = orderNo,
        Wallet = Wallet.Alipay,
        ChannelTransactionNo = $"T-{orderNo}",
        WalletTransactionNo = $"W-{orderNo}",
        PaidAt = order.PaidAt!.Value,
    });

    private sealed class BankOrder(long amountFen, DateTimeOffset startedAt)
    {
        public long AmountFen => amountFen;

        public DateTimeOffset StartedAt => startedAt;

        public DateTimeOffset? PaidAt { get; set; }

        public bool Closed { get; set; }

        public Dictionary<string, BankRefund> Refunds { get; } = new(StringComparer.Ordinal);
    }

    private sealed record BankRefund(long Fen, DateTimeOffset DoneAt, bool Failed);
}
