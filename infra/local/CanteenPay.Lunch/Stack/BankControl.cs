using System.Collections.Concurrent;

namespace CanteenPay.Lunch.Stack;

/// <summary>The bank's own book, by its control interface.</summary>
internal sealed class BankControl(HttpClient http, Uri bank, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>An order at the bank; null when it has none of this number.</summary>
    public Task<BankOrderView?> FindAsync(string orderId, CancellationToken cancellationToken) =>
        http.GetAsync(new Uri(bank, $"/control/orders/{orderId}"), LunchJson.Default.BankOrderView, time, cancellationToken);

    /// <summary>Notes which orders the bank has: it lists the latest only, so it is looked at again and again.</summary>
    public async Task NoteOrdersAsync(CancellationToken cancellationToken)
    {
        var latest = await http.GetAsync(new Uri(bank, "/control/orders"), LunchJson.Default.ListBankOrderView, time, cancellationToken);
        foreach (var order in latest ?? [])
            _known[order.OutTradeNo] = true;
    }

    /// <summary>Every order that was ever noted.</summary>
    public IReadOnlyCollection<string> Noted => [.. _known.Keys];
}

/// <summary>An order at the bank. Amounts in fen.</summary>
internal sealed record BankOrderView(
    string OutTradeNo, string MchId, string State, long TotalFee, Uri PayUrl, string? Wallet, DateTimeOffset? PaidAt, IReadOnlyList<BankRefundView>? Refunds)
{
    /// <summary>What went back, in fen.</summary>
    public long Refunded => (Refunds ?? []).Sum(refund => refund.RefundFee);
}

/// <summary>A refund at the bank, in fen.</summary>
internal sealed record BankRefundView(string OutRefundNo, long RefundFee);
