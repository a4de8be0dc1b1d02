using CanteenPay.Channels;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Bank;

/// <summary>The bank's book and its rules, as the payment facts have them: written from the facts, not from our adapter.</summary>
internal sealed class Book(Agenda agenda)
{
    private static readonly TimeSpan ClosableAfter = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, BankOrder> orders = new(StringComparer.Ordinal);

    /// <summary>Called once for each payment, when it is booked.</summary>
    public Action<BankOrder>? Paid { get; set; }

    /// <summary>All orders, in the order of their making.</summary>
    public IReadOnlyCollection<BankOrder> Orders => orders.Values;

    /// <summary>An order; null when there is none.</summary>
    public BankOrder? Find(string orderNo) => orders.GetValueOrDefault(orderNo);

    /// <summary>Makes an order.</summary>
    public CreateOutcome Create(string merchantNo, CreateQrOrder request)
    {
        var order = new BankOrder(request.OrderNo, merchantNo, request.AmountFen, request.StartedAt, request.ExpiresAt);
        return orders.TryAdd(request.OrderNo, order)
            ? new CreateOutcome.Created($"https://bank/{request.OrderNo}")
            : new CreateOutcome.DuplicateOrderNumber("201", "商户订单号重复");
    }

    /// <summary>Whether a wallet lets its owner confirm now.</summary>
    public bool TakesPayment(BankOrder order) =>
        order is { IsClosed: false, PaidAt: null, IsConfirming: false } && agenda.Now <= order.ExpiresAt;

    /// <summary>Books a payment.</summary>
    public void Take(BankOrder order)
    {
        if (order.PaidAt is not null)
            return;
        order.PaidAt = agenda.Now;
        Paid?.Invoke(order);
    }

    /// <summary>Whether an order was paid.</summary>
    public PaymentOutcome Query(string orderNo) => orders.GetValueOrDefault(orderNo) switch
    {
        null => new PaymentOutcome.NotFound("ORDERNOTEXIST", "no such order"),
        { PaidAt: not null } paid => new PaymentOutcome.Paid(FactsOf(paid)),
        { IsClosed: true } => new PaymentOutcome.NotPaid("CLOSED", "closed"),
        _ => new PaymentOutcome.Waiting("NOTPAY", "not paid"),
    };

    /// <summary>Closes an order.</summary>
    /// <param name="orderNo">Which.</param>
    /// <param name="lastSecond">A payment that is being confirmed is booked now and wins over the close; otherwise the close wins.</param>
    public CloseOutcome Close(string orderNo, bool lastSecond)
    {
        if (orders.GetValueOrDefault(orderNo) is not { } order)
            return new CloseOutcome.NotFound("ORDERNOTEXIST", "no such order");
        if (order is { IsConfirming: true, PaidAt: null } && lastSecond)
            Take(order);
        if (order.PaidAt is not null)
            return new CloseOutcome.AlreadyPaid("ORDERPAID", "paid");
        if (agenda.Now - order.StartedAt < ClosableAfter)
            return new CloseOutcome.StillOpen("ORDER_NOT_CLOSE", "too early");
        order.IsClosed = true;
        return new CloseOutcome.Closed();
    }

    /// <summary>Takes note of a refund: the same number is the same refund, and never more goes back than was paid.</summary>
    public RefundOutcome Refund(RefundRequest request, TimeSpan takes, bool fails)
    {
        if (orders.GetValueOrDefault(request.OrderNo) is not { PaidAt: not null } order)
            return new RefundOutcome.Refused("ORDERNOTEXIST", "no such payment");
        if (order.Refunds.TryGetValue(request.RefundNo, out var before))
            return before.Fen == request.RefundFen ? new RefundOutcome.Waiting("ACCEPTED", null) : new RefundOutcome.Refused("ERROR_AMOUNT", "another amount");
        if (order.RefundedFen + request.RefundFen > order.Fen)
            return new RefundOutcome.Refused("REFUND_FEE_EXCEED", "more than was paid");
        order.Refunds.Add(request.RefundNo, new(request.RefundFen, agenda.Now + takes, fails));
        return new RefundOutcome.Waiting("ACCEPTED", $"R{request.RefundNo}");
    }

    /// <summary>How a refund stands.</summary>
    public RefundOutcome QueryRefund(RefundRequest request) => orders.GetValueOrDefault(request.OrderNo)?.Refunds.GetValueOrDefault(request.RefundNo) switch
    {
        null => new RefundOutcome.NotFound("REFUNDNOTEXIST", "no such refund"),
        { EndsAt: var end } when end > agenda.Now => new RefundOutcome.Waiting("PROCESSING", $"R{request.RefundNo}"),
        { Fails: true } => new RefundOutcome.Refused("FAIL", "退款失败"),
        var refund => new RefundOutcome.Refunded(new RefundFacts
        {
            RefundNo = request.RefundNo,
            OrderNo = request.OrderNo,
            RefundFen = refund.Fen,
            ChannelRefundNo = $"R{request.RefundNo}",
            RefundedAt = refund.EndsAt,
        }),
    };

    /// <summary>A payment as the bank reports it: its time to the second.</summary>
    public static PaymentFacts FactsOf(BankOrder order) => new()
    {
        AmountFen = order.Fen,
        Currency = "CNY",
        MerchantId = order.MerchantNo,
        OrderNo = order.OrderNo,
        Wallet = order.Fen % 2 == 0 ? Wallet.Alipay : Wallet.WeChat,
        ChannelTransactionNo = order.TransactionNo,
        Refunded = order.RefundedFen > 0,
        PaidAt = new(order.PaidAt!.Value.Ticks - (order.PaidAt.Value.Ticks % TimeSpan.TicksPerSecond), order.PaidAt.Value.Offset),
    };
}
