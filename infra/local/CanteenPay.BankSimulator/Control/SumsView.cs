using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Merchants;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Control;

/// <summary>
/// What merchants took and gave back, for others to compare to the fen. <paramref name="Forgotten"/> orders are in no sum:
/// a comparison that is to the fen wants it to be zero.
/// </summary>
internal sealed record SumsView(string? Day, long Forgotten, IReadOnlyList<MerchantSums> Merchants)
{
    /// <summary>The sums of a day (<c>yyyyMMdd</c>, Beijing), or of all days when it is empty.</summary>
    public static SumsView Of(OrderBook book, IEnumerable<BankMerchant> merchants, string day, DateTimeOffset now)
    {
        var orders = book.All().ToLookup(o => o.Merchant.MchId);
        return new SumsView(day == "" ? null : $"{day[..4]}-{day[4..6]}-{day[6..]}", book.Forgotten, [.. merchants.Select(m => MerchantSums.Of(m, [.. orders[m.MchId]], day, now))]);
    }
}

/// <summary>One merchant's sums: payments by the day they were made, refunds done by the day they were done, and refunds that are still processed, whatever the day.</summary>
internal sealed record MerchantSums(
    string MchId, string Name, int PaidCount, long PaidFen, int RefundedCount, long RefundedFen, int RefundingCount, long RefundingFen)
{
    public static MerchantSums Of(BankMerchant merchant, IReadOnlyList<BankOrder> orders, string day, DateTimeOffset now)
    {
        var paid = orders.Where(o => o.Payment is { } p && BankTime.IsOnDay(p.PaidAt, day)).ToList();
        var refunds = orders.SelectMany(o => o.Refunds).ToLookup(r => r.DoneAt <= now);
        var refunded = refunds[true].Where(r => BankTime.IsOnDay(r.DoneAt, day)).ToList();
        return new MerchantSums(
            merchant.MchId, merchant.Name, paid.Count, paid.Sum(o => o.TotalFee), refunded.Count, refunded.Sum(r => r.RefundFee),
            refunds[false].Count(), refunds[false].Sum(r => r.RefundFee));
    }
}
