using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>Which papers a merchant has.</summary>
internal sealed class DocumentRows(TableServiceClient tables)
{
    private readonly TableClient _merchants = tables.GetTableClient("Merchants");

    /// <summary>A paper's row, or null.</summary>
    public Task<DocumentRow?> FindAsync(MerchantId merchant, DocumentKind kind, CancellationToken cancellationToken) =>
        _merchants.GetEntityIfExistsAsync<DocumentRow>(merchant.Value, DocumentRow.Key(kind), cancellationToken);

    /// <summary>All of a merchant's, in the order of their kinds.</summary>
    public async Task<IReadOnlyList<DocumentRow>> ListAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var (partition, from, end) = (merchant.Value, DocumentRow.KeyPrefix, DocumentRow.KeyEnd);
        var rows = _merchants.QueryAsync<DocumentRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {end}"), cancellationToken: cancellationToken);
        return await rows.OrderBy(row => row.Info.Kind).ToListAsync(cancellationToken);
    }

    /// <summary>Puts a row in the place of the one that was read; false when that one has changed since, or is gone.</summary>
    public async Task<bool> TryWriteAsync(DocumentRow row, DocumentRow? inPlaceOf, CancellationToken cancellationToken)
    {
        try
        {
            if (inPlaceOf is null)
                await _merchants.AddEntityAsync(row, cancellationToken);
            else
                await _merchants.UpdateEntityAsync(row, inPlaceOf.Version, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsOvertaken(e))
        {
            return false;
        }
    }

    /// <summary>Deletes a row as it was read; false when it has changed since, or is gone.</summary>
    public async Task<bool> TryDeleteAsync(DocumentRow row, CancellationToken cancellationToken)
    {
        try
        {
            await _merchants.DeleteEntityAsync(row.Merchant.Value, DocumentRow.Key(row.Info.Kind), row.Version, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsOvertaken(e))
        {
            return false;
        }
    }

    private static bool IsOvertaken(RequestFailedException e) =>
        e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound;
}
