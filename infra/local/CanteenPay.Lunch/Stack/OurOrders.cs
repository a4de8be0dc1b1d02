using System.Globalization;

namespace CanteenPay.Lunch.Stack;

/// <summary>Our book, by the function app's endpoints.</summary>
internal sealed class OurOrders(HttpClient http, Uri functions, CanteenLayout layout, TimeProvider time)
{
    /// <summary>An order; null when there is none.</summary>
    public Task<OurOrderView?> FindAsync(string orderId, CancellationToken cancellationToken) =>
        http.GetAsync(new Uri(functions, $"/api/orders/{orderId}"), LunchJson.Default.OurOrderView, time, cancellationToken);

    /// <summary>An order's refunds.</summary>
    public async Task<IReadOnlyList<OurRefundView>> RefundsAsync(string orderId, CancellationToken cancellationToken) =>
        await http.GetAsync(new Uri(functions, $"/api/orders/{orderId}/refunds"), LunchJson.Default.ListOurRefundView, time, cancellationToken) ?? [];

    /// <summary>Every merchant's orders of these business days, as far as a list goes (1000 a merchant and day).</summary>
    public async Task<IReadOnlyList<OurOrderView>> ListAsync(IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        List<OurOrderView> orders = [];
        foreach (var (merchant, day) in layout.Merchants.SelectMany(_ => days, (merchant, day) => (merchant, day)))
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/api/merchants/{merchant.Id}/orders?day={day:yyyy-MM-dd}");
            orders.AddRange(await http.GetAsync(new Uri(functions, path), LunchJson.Default.ListOurOrderView, time, cancellationToken) ?? []);
        }

        return orders;
    }
}

/// <summary>An order as the function app shows it. Amounts in fen.</summary>
internal sealed record OurOrderView(
    string OrderId, string MerchantId, string DeviceId, string State, long Amount, DateTimeOffset? PaidAt, long Refunded, long RefundPending,
    string? Acknowledged, string? Review);

/// <summary>A refund as the function app shows it; fen.</summary>
internal sealed record OurRefundView(string RefundId, string State, long Amount, string RequestedBy)
{
    /// <summary>The system made it, because the money came after the order's end.</summary>
    public bool IsOfLateMoney => RequestedBy == "LateMoney";
}
