using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>The final markers in the table <c>Settlements</c>; see <see cref="FinalMarker"/>.</summary>
internal sealed class FinalMarkers(TableServiceClient tables)
{
    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>
    /// Decides what a merchant's closed day holds, unless that was decided before. To be called after the day was closed (<see cref="ClosedDays"/>), with the postings read after
    /// that, and before the last revision is written: from what is returned.
    /// </summary>
    /// <returns>What stands, by whomever; the revision is written under its number.</returns>
    public async Task<FinalMarker> DecideAsync(FinalMarker marker, CancellationToken cancellationToken)
    {
        try
        {
            await _settlements.AddEntityAsync(marker, cancellationToken);
            return marker;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return await FindAsync(marker.Day, marker.Merchant, cancellationToken)
                ?? throw new InvalidOperationException($"The final marker of {marker.Merchant} on {marker.Day:yyyy-MM-dd} was there and is gone: they are never deleted.", e);
        }
    }

    /// <summary>A merchant's marker of a day; null when it has none.</summary>
    public Task<FinalMarker?> FindAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken) =>
        _settlements.GetEntityIfExistsAsync<FinalMarker>(BusinessDay.Key(day), FinalMarker.Key(merchant), cancellationToken);

    /// <summary>The markers of a day.</summary>
    public IAsyncEnumerable<FinalMarker> ListAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = BusinessDay.Key(day);
        return _settlements.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken)
            .Where(row => row.RowKey.EndsWith(FinalMarker.Suffix, StringComparison.Ordinal)).Select(FinalMarker.FromTableEntity);
    }
}
