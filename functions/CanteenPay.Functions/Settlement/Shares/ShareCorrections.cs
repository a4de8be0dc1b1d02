using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>Corrects accounts: an entry is never changed, another one counters it, once.</summary>
internal sealed class ShareCorrections(TableServiceClient tables, ShareStore shares)
{
    private readonly TableClient _shares = tables.GetTableClient(ShareStore.Table);

    /// <summary>Counters an entry.</summary>
    /// <param name="entry">Which one.</param>
    /// <param name="reason">Why.</param>
    /// <param name="key">The key of the request: the same one is the same correction.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Correction> ReverseAsync(ShareRow entry, string reason, string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reversing = new ShareRow(entry.Distributor, ShareKeys.OfReversal(entry.Key), ShareKind.Reversal, Fen.Zero - entry.Amount, now)
        {
            Day = entry.Day,
            Merchant = entry.Merchant,
            Revision = entry.Revision,
            Reverses = entry.Key,
            Reason = reason,
        };
        var request = new RequestRow(entry.Distributor, key, reversing.Key);
        if (await new MerchantTransaction().Insert(request).Insert(reversing).TryWriteAsync(_shares, cancellationToken) is not null)
            return new(CorrectionResult.Made, reversing);
        if (await _shares.GetEntityIfExistsAsync<RequestRow>(entry.Distributor.Value, RequestRow.Prefix + key, cancellationToken) is not { } before)
            return new(CorrectionResult.Reversed, reversing);
        return before.Entry == reversing.Key && await shares.FindAsync(entry.Distributor, reversing.Key, cancellationToken) is { } made && made.Reason == reason
            ? new(CorrectionResult.Repeated, made)
            : new(CorrectionResult.KeyReused, reversing);
    }

    /// <summary>What was asked for under a key.</summary>
    private sealed record RequestRow(DistributorId Distributor, string Key, string Entry) : ITableEntity<RequestRow>
    {
        public const string Prefix = "request-";

        public TableEntity ToTableEntity() => new(Distributor.Value, Prefix + Key) { ["Entry"] = Entry };

        public static RequestRow FromTableEntity(TableEntity row) => new(DistributorId.Parse(row.PartitionKey), row.RowKey[Prefix.Length..], row.Text("Entry"));
    }
}

/// <summary>What came of a correction.</summary>
/// <param name="Result">Whether it was made.</param>
/// <param name="Entry">The countering entry, as it stands or would have stood.</param>
internal sealed record Correction(CorrectionResult Result, ShareRow Entry);

/// <summary>Whether a correction was made.</summary>
internal enum CorrectionResult
{
    /// <summary>It was made.</summary>
    Made,

    /// <summary>It was made before, under the same key.</summary>
    Repeated,

    /// <summary>The entry was countered before, under another key.</summary>
    Reversed,

    /// <summary>The key names something else.</summary>
    KeyReused,
}
