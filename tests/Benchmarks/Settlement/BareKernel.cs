namespace CanteenPay.Benchmarks.Settlement;

/// <summary>The floor: the same sums in plain 64-bit numbers, unchecked, without terms, shares or statements.</summary>
internal static class BareKernel
{
    /// <summary>Σ payments, Σ refunds, Σ net fee and Σ net bank's part of a merchant.</summary>
    public static (long Gross, long Refunds, long Fee, long Bank) Sum(ReadOnlySpan<PaidOrders.Order> orders, ReadOnlySpan<PaidOrders.Refund> refunded)
    {
        long gross = 0, refunds = 0, fee = 0, bank = 0;
        foreach (ref readonly var order in orders)
        {
            var amount = order.Amount.Value;
            gross += amount;
            fee += (amount * order.Rate + 5_000) / 10_000;
            bank += (amount * order.Bank + 5_000) / 10_000;
        }

        foreach (ref readonly var refund in refunded)
        {
            var (amount, settled) = (refund.Amount.Value, refund.Before.Settled.Value);
            var left = settled - refund.Before.Refunded.Value;
            refunds += amount;
            fee -= (2 * amount * ((settled * refund.Paid.Rate + 5_000) / 10_000 - refund.Before.FeeReturned.Value) + left) / (2 * left);
            bank -= (2 * amount * ((settled * refund.Paid.Bank + 5_000) / 10_000 - refund.Before.BankReturned.Value) + left) / (2 * left);
        }

        return (gross, refunds, fee, bank);
    }
}
