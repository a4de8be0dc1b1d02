namespace CanteenPay.Lunch.Report;

/// <summary>Compares what machines showed of cards with the cloud's ledger. Pure.</summary>
internal static class CardReconciliation
{
    /// <summary>Everything that may not be; none is what a lunch must show.</summary>
    public static IReadOnlyList<Discrepancy> Of(CardBooks books) =>
        [.. books.Taps.SelectMany(Taps), .. books.Merchants.SelectMany(Merchants), .. books.Balances.SelectMany(Balances)];

    private static IEnumerable<Discrepancy> Taps(BookedTap tap) => Kinds(tap).Select(kind => new Discrepancy(kind, tap.TapId, Describe(tap)));

    private static IEnumerable<DiscrepancyKind> Kinds(BookedTap tap)
    {
        if (tap.Shown is null)
            yield return DiscrepancyKind.TapNeverShown;
        else if (tap.Ledger.Count == 0)
            yield return DiscrepancyKind.TapMissing;
        else if (tap.Shown.Change is { } change && tap.Change != change)
            yield return DiscrepancyKind.TapDiffers;
        if (tap.Ledger.Select(part => part.Lot).Distinct(StringComparer.Ordinal).Count() < tap.Ledger.Count)
            yield return DiscrepancyKind.TapDoubled;
    }

    private static IEnumerable<Discrepancy> Merchants(BookedMerchant merchant)
    {
        // Without a check that came to its end nothing is known of the top-ups either.
        if (merchant is { Loop: not null, ToppedUpAsked: { } asked } && asked != merchant.ToppedUp)
            yield return new(DiscrepancyKind.TopUpsDiffer, merchant.Merchant, $"充值 asked: {asked}; 入账 booked: {merchant.ToppedUp}");
        if (!merchant.IsClosed)
            yield return new(DiscrepancyKind.ClosedLoopOpen, merchant.Merchant, $"差 difference: {merchant.Loop?.ToString() ?? "?"}");
    }

    private static IEnumerable<Discrepancy> Balances(BookedBalance balance)
    {
        if (balance.Shown != balance.Cloud)
            yield return new(DiscrepancyKind.BalanceDiffers, balance.Card, $"{balance.Machine}: {balance.Shown?.ToString() ?? "–"}; 云端 cloud: {balance.Cloud}");
    }

    private static string Describe(BookedTap tap)
    {
        var shown = tap.Shown is { } page ? $"{page.Machine} {page.Change?.ToString() ?? "?"}" : "–";
        var ledger = tap.Ledger.Count == 0 ? "–" : string.Join(" + ", tap.Ledger.Select(part => $"{part.Machine} #{part.Seq} {part.Change}"));
        return $"屏幕 page: {shown}; 账本 ledger: {ledger}";
    }
}
