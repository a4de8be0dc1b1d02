using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.Settlement;

/// <summary>Orders of some merchants, as chance makes them: a canteen's amounts, three sets of terms, one order in twenty paid back in part. Made again in place, since making them is not measured.</summary>
internal sealed class PaidOrders(int merchants, int ordersOfEach)
{
    private const int OneRefundIn = 20;

    public static readonly DateOnly Day = new(2026, 11, 22);

    private static readonly DistributorId Distributor = DistributorId.Parse("DSTR1BTR");
    private readonly Order[] _orders = new Order[merchants * ordersOfEach];
    private readonly Refund[] _refunds = new Refund[merchants * (ordersOfEach / OneRefundIn)];

    /// <summary>The terms that all of them have.</summary>
    public static IReadOnlyList<DatedTerms> Terms { get; } =
    [
        .. new[] { (Day.AddYears(-1), 60, 20), (Day.AddDays(-7), 55, 20), (Day, 38, 18) }
            .Select(terms => new DatedTerms(terms.Item1, new FeeTerms(terms.Item2, terms.Item3, [new(Distributor, 10)]))),
    ];

    public int Merchants => merchants;

    public ReadOnlySpan<Order> OrdersOf(int merchant) => _orders.AsSpan(merchant * ordersOfEach, ordersOfEach);

    public ReadOnlySpan<Refund> RefundsOf(int merchant) => _refunds.AsSpan(merchant * (ordersOfEach / OneRefundIn), ordersOfEach / OneRefundIn);

    /// <summary>Makes others.</summary>
    public void Draw(Random random)
    {
        foreach (ref var order in _orders.AsSpan())
        {
            // Most are of the day; what was closed meanwhile comes from days before.
            var paidDay = random.Next(1_000) == 0 ? Day.AddDays(-random.Next(10)) : Day;
            var terms = Terms.Last(dated => dated.ValidFrom <= paidDay).Terms;
            order = new(new(random.Next(1, 10_000)), terms.RateBasisPoints, terms.BankCostBasisPoints, paidDay);
        }

        for (var at = 0; at < _refunds.Length; at++)
        {
            var paid = _orders[at * OneRefundIn];
            var refunded = new Fen(random.NextInt64(paid.Amount.Value));
            var (fee, bank) = (ChannelFee.Of(paid.Amount, paid.Rate), ChannelFee.Of(paid.Amount, paid.Bank));
            var before = new RefundedBefore(
                paid.Amount,
                refunded,
                refunded == Fen.Zero ? Fen.Zero : ChannelFee.Returned(refunded, paid.Amount, Fen.Zero, fee, Fen.Zero),
                refunded == Fen.Zero ? Fen.Zero : ChannelFee.Returned(refunded, paid.Amount, Fen.Zero, bank, Fen.Zero));
            _refunds[at] = new(new(random.NextInt64(1, (paid.Amount - refunded).Value + 1)), before, paid);
        }
    }

    public readonly record struct Order(Fen Amount, int Rate, int Bank, DateOnly PaidDay);

    public readonly record struct Refund(Fen Amount, RefundedBefore Before, Order Paid);
}
