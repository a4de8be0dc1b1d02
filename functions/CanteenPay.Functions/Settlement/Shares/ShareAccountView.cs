using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>Body of a correction.</summary>
/// <param name="Entry">The key of the entry that is countered.</param>
/// <param name="Reason">Why.</param>
internal sealed record ReversalBody(string? Entry = null, string? Reason = null);

/// <summary>A month of a distributor's account as it is shown, which for a month that is over is its statement. Amounts in fen, positive for what we owe.</summary>
/// <param name="DistributorId">Whose.</param>
/// <param name="Month">Such as 2026-11.</param>
/// <param name="Opening">What was owed when it began.</param>
/// <param name="Sums">What its entries come to, by their kinds.</param>
/// <param name="Closing">What is owed at its end, or now.</param>
/// <param name="Entries">In the order of their posting.</param>
internal sealed record ShareAccountView(DistributorId DistributorId, string Month, Fen Opening, KindSums Sums, Fen Closing, IReadOnlyList<EntryView> Entries)
{
    public static ShareAccountView Of(DistributorId distributor, ShareMonth month, AccountMonth read) => new(
        distributor,
        month.ToString(),
        read.Opening,
        new(Sum(read, ShareKind.Share), Sum(read, ShareKind.ServiceFee), Sum(read, ShareKind.Reversal), Sum(read, ShareKind.Payout)),
        read.Closing,
        [.. read.Lines.Select(line => EntryView.Of(line.Entry, line.Balance))]);

    private static Fen Sum(AccountMonth read, ShareKind kind) => read.Sums.GetValueOrDefault(kind);
}

/// <summary>Sums of a month; fen.</summary>
internal sealed record KindSums(Fen Shares, Fen ServiceFees, Fen Reversals, Fen Payouts);

/// <summary>An entry as it is shown; amounts in fen.</summary>
internal sealed record EntryView(
    string Entry, ShareKind Kind, Fen Amount, Fen? Balance, DateTimeOffset PostedAt, DateOnly? Day, MerchantId? MerchantId, int? Revision, string? Reverses, string? Reason)
{
    public static EntryView Of(ShareRow entry, Fen? balance = null) => new(
        entry.Key, entry.Kind, entry.Amount, balance, BusinessDay.Local(entry.PostedAt), entry.Day, entry.Merchant, entry.Revision, entry.Reverses, entry.Reason);
}
