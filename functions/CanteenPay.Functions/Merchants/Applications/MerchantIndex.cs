using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// Partitions of the table <c>Merchants</c> by which merchants are found: <c>licence-{licence}</c> with a row for each application that names it,
/// <c>code-{code}</c> with one row for the merchant that has it, <c>with-bank</c> with a row for each application that the bank is to be asked about.
/// </summary>
internal sealed class MerchantIndex(TableServiceClient tables)
{
    private const string WithBankPartition = "with-bank", TakenRow = "taken";

    private readonly TableClient _merchants = tables.GetTableClient(ApplicationStore.Table);

    /// <summary>Notes that an application names a licence.</summary>
    public Task NoteLicenceAsync(string licence, MerchantId merchant, CancellationToken cancellationToken) =>
        PutAsync(new(LicencePartition(licence), merchant.Value, merchant, null), cancellationToken);

    /// <summary>Forgets it.</summary>
    public Task ForgetLicenceAsync(string licence, MerchantId merchant, CancellationToken cancellationToken) =>
        DeleteAsync(LicencePartition(licence), merchant.Value, cancellationToken);

    /// <summary>Who ever named a licence; what stands in their applications now is to be looked up there.</summary>
    public IAsyncEnumerable<MerchantId> OfLicenceAsync(string licence, CancellationToken cancellationToken) =>
        ListAsync(LicencePartition(licence), cancellationToken).Select(row => row.Merchant);

    /// <summary>Takes a verification code for a merchant; false when another has it.</summary>
    public async Task<bool> TryTakeCodeAsync(string code, MerchantId merchant, CancellationToken cancellationToken)
    {
        var row = new IndexRow($"code-{code}", TakenRow, merchant, null);
        try
        {
            await _merchants.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return (await _merchants.GetEntityIfExistsAsync<IndexRow>(row.Partition, TakenRow, cancellationToken))?.Merchant == merchant;
        }
    }

    /// <summary>Gives a code back that a merchant took and then did not get.</summary>
    public Task GiveCodeBackAsync(string code, CancellationToken cancellationToken) => DeleteAsync($"code-{code}", TakenRow, cancellationToken);

    /// <summary>Notes that the bank is to be asked about an application; written before its state says so.</summary>
    public Task NoteWithBankAsync(MerchantId merchant, DateTimeOffset now, CancellationToken cancellationToken) =>
        PutAsync(new(WithBankPartition, merchant.Value, merchant, now), cancellationToken);

    /// <summary>The bank need not be asked any more.</summary>
    public Task ForgetWithBankAsync(MerchantId merchant, CancellationToken cancellationToken) => DeleteAsync(WithBankPartition, merchant.Value, cancellationToken);

    /// <summary>About whom the bank is to be asked, and since when that is noted.</summary>
    public IAsyncEnumerable<(MerchantId Merchant, DateTimeOffset NotedAt)> WithBankAsync(CancellationToken cancellationToken) =>
        ListAsync(WithBankPartition, cancellationToken).Select(row => (row.Merchant, row.At ?? DateTimeOffset.MinValue));

    private static string LicencePartition(string licence) => $"licence-{licence}";

    private IAsyncEnumerable<IndexRow> ListAsync(string partition, CancellationToken cancellationToken) =>
        _merchants.QueryAsync<IndexRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);

    private Task<ETag> PutAsync(IndexRow row, CancellationToken cancellationToken) => _merchants.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);

    private async Task DeleteAsync(string partition, string rowKey, CancellationToken cancellationToken)
    {
        try
        {
            await _merchants.DeleteEntityAsync(partition, rowKey, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // Somebody deleted it before.
        }
    }

    private sealed record IndexRow(string Partition, string Key, MerchantId Merchant, DateTimeOffset? At) : ITableEntity<IndexRow>
    {
        public TableEntity ToTableEntity()
        {
            var row = new TableEntity(Partition, Key) { ["MerchantId"] = Merchant.Value };
            row.SetIfAny("At", At);
            return row;
        }

        public static IndexRow FromTableEntity(TableEntity row) => new(row.PartitionKey, row.RowKey, MerchantId.Parse(row.Text("MerchantId")), row.GetDateTimeOffset("At"));
    }
}
