using System.Globalization;

namespace CanteenPay.Lunch.Stack;

/// <summary>The bank's own book, by its control interface: what it tells there is true whatever it lies elsewhere.</summary>
internal sealed class BankControl(HttpClient http, Uri bank, TimeProvider time)
{
    private const int Page = 500;

    /// <summary>An order at the bank; null when it has none of this number.</summary>
    public Task<BankOrderView?> FindAsync(string orderId, CancellationToken cancellationToken) =>
        http.GetAsync(new Uri(bank, $"/control/orders/{orderId}"), LunchJson.Default.BankOrderView, time, cancellationToken);

    /// <summary>All orders of all merchants, oldest first.</summary>
    public async Task<IReadOnlyList<BankOrderView>> ListAsync(CancellationToken cancellationToken)
    {
        List<BankOrderView> orders = [];
        List<BankOrderView>? page;
        do
        {
            var from = orders is [.., var last] ? last.Sequence + 1 : 1;
            var path = string.Create(CultureInfo.InvariantCulture, $"/control/orders?from={from}&take={Page}");
            page = await http.GetAsync(new Uri(bank, path), LunchJson.Default.ListBankOrderView, time, cancellationToken);
            orders.AddRange(page ?? []);
        }
        while (page is { Count: Page });
        return orders;
    }
}

/// <summary>An order at the bank. Amounts in fen.</summary>
/// <param name="Sequence">Counts the bank's orders from 1.</param>
/// <param name="OutTradeNo">Our id of it.</param>
/// <param name="State"><c>NOTPAY SUCCESS CLOSED REFUND</c>.</param>
/// <param name="TotalFee">Asked for.</param>
/// <param name="PayUrl">What stands in the QR.</param>
/// <param name="PaidAt">Null: not paid.</param>
/// <param name="PaidFen">What the diner paid.</param>
/// <param name="RefundedFen">What went back.</param>
internal sealed record BankOrderView(
    long Sequence, string OutTradeNo, string State, long TotalFee, Uri PayUrl, DateTimeOffset? PaidAt, long PaidFen, long RefundedFen);
