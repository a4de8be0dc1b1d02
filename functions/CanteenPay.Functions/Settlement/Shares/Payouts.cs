using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>
/// Pays out what is owed at the end of a month, once. Months are paid in their order, and one after the other for each distributor, because what is owed at the end of a month
/// holds what earlier months left unpaid.
/// </summary>
internal sealed class Payouts(TableServiceClient tables, ShareStore shares, ShareAccount account)
{
    /// <summary>So long after its end a month is paid at the earliest: whoever was just posting an entry of it has ended by then, so what was paid never changes.</summary>
    public static readonly TimeSpan AfterMonth = TimeSpan.FromHours(24);

    private const int MaxConflicts = 10;

    private readonly TableClient _shares = tables.GetTableClient(ShareStore.Table);

    /// <summary>Notes that a month was paid out.</summary>
    public async Task<Payout> PayAsync(DistributorId distributor, ShareMonth month, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < month.End + AfterMonth)
            return new(PayoutResult.NotOver, null);
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            var paid = await _shares.GetEntityIfExistsAsync<PaidRow>(distributor.Value, PaidRow.RowKey, cancellationToken);
            if (string.CompareOrdinal(paid?.Through, month.Key) >= 0)
            {
                return await shares.FindAsync(distributor, ShareKeys.OfPayout(month), cancellationToken) is { } before
                    ? new(PayoutResult.Repeated, before)
                    : new(PayoutResult.LaterIsPaid, null);
            }

            var unpaid = await account.UnpaidAsync(distributor, month, cancellationToken);
            if (unpaid <= Fen.Zero)
                return new(PayoutResult.NothingOwed, null);
            var payout = new ShareRow(distributor, ShareKeys.OfPayout(month), ShareKind.Payout, Fen.Zero - unpaid, now);
            var next = new PaidRow(distributor, month.Key);
            var transaction = paid is null ? new MerchantTransaction().Insert(next) : new MerchantTransaction().Replace(next, paid.Version);
            if (await transaction.Insert(payout).TryWriteAsync(_shares, cancellationToken) is not null)
                return new(PayoutResult.Made, payout);
        }

        throw new InvalidOperationException($"The account of distributor {distributor} was written by others {MaxConflicts} times in a row.");
    }

    /// <summary>The last month that was paid out; whoever pays replaces the version that was read, so two cannot pay at once.</summary>
    private sealed record PaidRow(DistributorId Distributor, string Through, ETag Version = default) : ITableEntity<PaidRow>
    {
        public const string RowKey = "payouts";

        public TableEntity ToTableEntity() => new(Distributor.Value, RowKey) { ["Through"] = Through };

        public static PaidRow FromTableEntity(TableEntity row) => new(DistributorId.Parse(row.PartitionKey), row.Text("Through"), row.ETag);
    }
}

/// <summary>What came of paying out a month.</summary>
/// <param name="Result">Whether it was paid.</param>
/// <param name="Entry">The entry, where there is one.</param>
internal sealed record Payout(PayoutResult Result, ShareRow? Entry);

/// <summary>Whether a month was paid out.</summary>
internal enum PayoutResult
{
    /// <summary>It was.</summary>
    Made,

    /// <summary>It was before.</summary>
    Repeated,

    /// <summary>It is not over, or only just.</summary>
    NotOver,

    /// <summary>Nothing is owed.</summary>
    NothingOwed,

    /// <summary>A later month was paid, and this one with it.</summary>
    LaterIsPaid,
}
