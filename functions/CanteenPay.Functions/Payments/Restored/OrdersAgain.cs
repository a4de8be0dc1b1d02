using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Restored;

/// <summary>
/// Goes through a merchant's orders of a day after <c>OpenOrders</c>, <c>Postings</c> or <c>DayIndex</c> were lost or put back: guards what still needs a step, and writes what is missing of
/// the postings of the others. Everything that it needs stands on orders and refunds. Safe to call again. Why: <c>README.md</c>.
/// </summary>
internal sealed class OrdersAgain(
    OrderStore orders, RefundStore refunds, OpenOrderStore open, PostingsAgain postings, TimeProvider clock, ILogger<OrdersAgain> logger)
{
    /// <summary>An order costs three reads or so.</summary>
    private const int MostOrders = 500;

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    /// <summary>Goes on after an order.</summary>
    /// <param name="merchant">Whose orders.</param>
    /// <param name="day">The day of their ids.</param>
    /// <param name="after">The last one that was looked at; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OrdersAgainView> GoOnAsync(MerchantId merchant, DateOnly day, OrderId? after, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + LongestCall;
        var (seen, guarded, posted) = (0, 0, 0);
        OrderId? last = null;
        await foreach (var row in orders.ListAsync(merchant, day, cancellationToken).Where(row => after is not { } id || string.CompareOrdinal(row.Order.Id.Value, id.Value) > 0))
        {
            if (seen == MostOrders || clock.GetUtcNow() > until)
                return Said(new(merchant, day, seen, guarded, posted, last));
            var (didGuard, didPost) = await LookAsync(row.Order, cancellationToken);
            (seen, guarded, posted, last) = (seen + 1, guarded + didGuard, posted + didPost, row.Order.Id);
        }

        return Said(new(merchant, day, seen, guarded, posted, Next: null));
    }

    private async Task<(int Guarded, int Posted)> LookAsync(Order order, CancellationToken cancellationToken)
    {
        if (order.OpenKey is not { } key)
            return (0, 0);
        var (guarded, posted) = (0, 0);
        // Somebody is at its last steps, or the sweep will be: what is missing may never have been posted, and only those steps know on which day it counts.
        if (!await open.IsThereAsync(key, cancellationToken))
        {
            if (order.NeedsStep || order.OwesAutomaticRefund)
                guarded += await GuardAsync(new(key, order.Id, order.CreatedAt), cancellationToken);
            else if (order.Payment is not null)
                posted += await postings.WriteAsync(order, cancellationToken);
        }

        if (order.RefundCount == 0)
            return (guarded, posted);
        await foreach (var row in refunds.ListAsync(order.Id, cancellationToken))
        {
            var refund = row.Refund;
            if (await open.IsThereAsync(refund.OpenKey, cancellationToken))
                continue;
            if (refund.IsOpen)
                guarded += await GuardAsync(new(refund.OpenKey, order.Id, refund.CreatedAt, refund.Id), cancellationToken);
            else if (refund.State == RefundState.Refunded)
                posted += await postings.WriteAsync(order, refund, cancellationToken);
        }

        return (guarded, posted);
    }

    /// <summary>Under the key that the order or refund knows: the sweep takes any other for nobody's.</summary>
    private async Task<int> GuardAsync(OpenOrderRow guard, CancellationToken cancellationToken) => await open.TryInsertAsync(guard, cancellationToken) ? 1 : 0;

    private OrdersAgainView Said(OrdersAgainView view)
    {
        PaymentLog.OrdersAgain(logger, view.MerchantId.Value, view.Day, view.Orders, view.Guarded, view.Posted);
        return view;
    }
}

/// <summary>What was done.</summary>
/// <param name="MerchantId">Whose orders.</param>
/// <param name="Day">The day of their ids.</param>
/// <param name="Orders">So many orders were looked at by this call.</param>
/// <param name="Guarded">So many orders and refunds were guarded again: the sweep goes on with them within minutes.</param>
/// <param name="Posted">So many postings were written again.</param>
/// <param name="Next">The last order that was looked at, where there are more: the next call goes on after it. Null: that was all.</param>
internal sealed record OrdersAgainView(MerchantId MerchantId, DateOnly Day, int Orders, int Guarded, int Posted, OrderId? Next);
