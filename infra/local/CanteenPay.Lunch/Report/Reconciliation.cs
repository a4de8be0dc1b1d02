namespace CanteenPay.Lunch.Report;

/// <summary>Compares the books, order by order. Pure.</summary>
internal static class Reconciliation
{
    /// <summary>Invariant 5 of the design, and a second for the bank's time, which we have in whole seconds, and one for the way to the page.</summary>
    private static readonly TimeSpan SpokenWithin = TimeSpan.FromSeconds(62);

    /// <summary>Everything that may not be; none is what a lunch must show.</summary>
    public static IReadOnlyList<Discrepancy> Of(IEnumerable<BookedOrder> orders) =>
        [.. orders.SelectMany(order => Kinds(order).Select(kind => new Discrepancy(kind, order.OrderId, Describe(order))))];

    private static IEnumerable<DiscrepancyKind> Kinds(BookedOrder order) => Payment(order).Concat(Refunds(order)).Concat(Machine(order)).Concat(Ends(order));

    private static IEnumerable<DiscrepancyKind> Payment(BookedOrder order)
    {
        var (ours, bank) = (order.Ours, order.Bank);
        var (paidWithUs, paidAtBank) = (ours is { Paid: true }, bank is { PaidAt: not null });
        if (paidAtBank && !paidWithUs)
            yield return DiscrepancyKind.PaidAtBankOnly;
        if (paidWithUs && !paidAtBank)
            yield return DiscrepancyKind.PaidWithUsOnly;
        // A cancel that overtook its request leaves an order of nothing, and the bank never hears of it.
        if (ours is not null && bank is not null && (ours.Amount != bank.Amount || paidWithUs && paidAtBank && ours.Gross != bank.Gross))
            yield return DiscrepancyKind.AmountDiffers;
    }

    private static IEnumerable<DiscrepancyKind> Refunds(BookedOrder order)
    {
        var (ours, atBank) = (order.Ours, order.Bank?.Refunded ?? 0);
        if ((ours?.Refunded ?? 0) != atBank)
            yield return DiscrepancyKind.RefundDiffers;
        if (ours is { IsLate: true })
        {
            if (atBank != order.Bank?.Gross)
                yield return DiscrepancyKind.LateMoneyKept;
        }
        else if (order.RefundsAsked is { } asked && asked != atBank)
        {
            yield return DiscrepancyKind.RefundNotAsAsked;
        }
    }

    private static IEnumerable<DiscrepancyKind> Machine(BookedOrder order)
    {
        var announceable = order.Ours is { Paid: true, IsLate: false };
        if (!announceable && (order.ShownAsPaidAt is not null || order.SaidAt.Count > 0))
            yield return DiscrepancyKind.ShownButNotPaid;
        if (announceable && order.ShownAsPaidAt is null && !Acknowledged(order.Ours!))
            yield return DiscrepancyKind.NeverShownAsPaid;
        if (order.SaidAt.Count > 1)
            yield return DiscrepancyKind.SpokenTwice;
        if (order is { Bank.PaidAt: { } paidAt, SaidAt: [var first, ..] } && first - paidAt > SpokenWithin)
            yield return DiscrepancyKind.SpokenLate;
    }

    private static IEnumerable<DiscrepancyKind> Ends(BookedOrder order)
    {
        if (order.Ours is { IsOpen: true })
            yield return DiscrepancyKind.StillOpen;
        if (order is { Ours.IsOpen: false, Bank.State: "NOTPAY" })
            yield return DiscrepancyKind.PayableAtBank;
        if (order is { Ours: null, Bank: not null })
            yield return DiscrepancyKind.UnknownToUs;
    }

    private static bool Acknowledged(OurBooking ours) =>
        string.Equals(ours.Acknowledged, "paid", StringComparison.OrdinalIgnoreCase) || string.Equals(ours.Acknowledged, "refunded", StringComparison.OrdinalIgnoreCase);

    private static string Describe(BookedOrder order)
    {
        var ours = order.Ours is { } mine
            ? $"{mine.State} {mine.Amount}{(mine.Paid ? " paid" : "")} −{mine.Refunded} {mine.Review}".TrimEnd()
            : "–";
        var bank = order.Bank is { } theirs ? $"{theirs.State} {theirs.Amount}, {theirs.Gross} paid −{theirs.Refunded}" : "–";
        return $"我方 ours: {ours}; 银行 bank: {bank}; 屏幕 page: {(order.ShownAsPaidAt is null ? "–" : "paid")}, 语音 said {order.SaidAt.Count}×; 应退 asked back: {order.RefundsAsked?.ToString() ?? "?"}";
    }
}
