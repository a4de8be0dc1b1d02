using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>Reads the final markers in the table <c>Settlements</c>; see <see cref="FinalMarker"/>. They are written by <see cref="StatementStore.TryCloseAsync"/>.</summary>
internal sealed class FinalMarkers(TableServiceClient tables)
{
    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>A merchant's marker of a day; null when it has none.</summary>
    public Task<FinalMarker?> FindAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken) =>
        _settlements.GetEntityIfExistsAsync<FinalMarker>(BusinessDay.Key(day), FinalMarker.Key(merchant), cancellationToken);

    /// <summary>The markers of a day.</summary>
    public IAsyncEnumerable<FinalMarker> ListAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = BusinessDay.Key(day);
        return _settlements.QueryAsync<FinalMarker>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and IsMarker eq {true}"), cancellationToken: cancellationToken);
    }
}
