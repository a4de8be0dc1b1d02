using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// Partitions of the table <c>Merchants</c> by which merchants are found: <c>licence-{licence}</c> with a row for each application that names it,
/// <c>with-bank</c> with a row for each application that the bank is to be asked about.
/// </summary>
internal sealed class MerchantIndex(TableServiceClient tables)
{
    private const string WithBankPartition = "with-bank";

    private readonly TableClient _merchants = tables.GetTableClient(ApplicationStore.Table);

    /// <summary>Notes that an application names a licence.</summary>
    public Task NoteLicenceAsync(string licence, MerchantId merchant, CancellationToken cancellationToken) =>
        PutAsync(new(LicencePartition(licence), merchant.Value, merchant, null), cancellationToken);

    /// <summary>Forgets it.</summary>
    public async Task ForgetLicenceAsync(string licence, MerchantId merchant, CancellationToken cancellationToken)
    {
        if (await _merchants.GetEntityIfExistsAsync<IndexRow>(LicencePartition(licence), merchant.Value, cancellationToken) is { } row)
            await DeleteAsync(row.Partition, row.Key, row.Version, cancellationToken);
    }

    /// <summary>Who ever named a licence; what stands in their applications now is to be looked up there.</summary>
    public IAsyncEnumerable<MerchantId> OfLicenceAsync(string licence, CancellationToken cancellationToken) =>
        ListAsync(LicencePartition(licence), cancellationToken).Select(row => row.Merchant);

    /// <summary>Notes that the bank is to be asked about an application; written before its state says so.</summary>
    public Task NoteWithBankAsync(MerchantId merchant, DateTimeOffset now, CancellationToken cancellationToken) =>
        PutAsync(new(WithBankPartition, merchant.Value, merchant, now), cancellationToken);

    /// <summary>The note of an application that the bank is to be asked about; null when there is none.</summary>
    public async Task<WithBankNote?> FindWithBankAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        await _merchants.GetEntityIfExistsAsync<IndexRow>(WithBankPartition, merchant.Value, cancellationToken) is { } row ? Note(row) : null;

    /// <summary>The bank need not be asked any more, unless that was noted anew since the note was read.</summary>
    public Task ForgetWithBankAsync(WithBankNote note, CancellationToken cancellationToken) =>
        DeleteAsync(WithBankPartition, note.Merchant.Value, note.Version, cancellationToken);

    /// <summary>About whom the bank is to be asked, in a fixed order, from behind a merchant on.</summary>
    public IAsyncEnumerable<WithBankNote> WithBankAsync(MerchantId? after, CancellationToken cancellationToken)
    {
        var (partition, key) = (WithBankPartition, after?.Value);
        return _merchants.QueryAsync<IndexRow>(
            key is null
                ? TableClient.CreateQueryFilter($"PartitionKey eq {partition}")
                : TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {key}"),
            cancellationToken: cancellationToken).Select(Note);
    }

    private static WithBankNote Note(IndexRow row) => new(row.Merchant, row.At ?? DateTimeOffset.MinValue, row.Version);

    private static string LicencePartition(string licence) => $"licence-{licence}";

    private IAsyncEnumerable<IndexRow> ListAsync(string partition, CancellationToken cancellationToken) =>
        _merchants.QueryAsync<IndexRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);

    private Task<ETag> PutAsync(IndexRow row, CancellationToken cancellationToken) => _merchants.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);

    private async Task DeleteAsync(string partition, string rowKey, ETag version, CancellationToken cancellationToken)
    {
        try
        {
            await _merchants.DeleteEntityAsync(partition, rowKey, version, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.PreconditionFailed)
        {
            // Somebody deleted it before, or wrote it anew.
        }
    }

    private sealed record IndexRow(string Partition, string Key, MerchantId Merchant, DateTimeOffset? At, ETag Version = default) : ITableEntity<IndexRow>
    {
        public TableEntity ToTableEntity()
        {
            var row = new TableEntity(Partition, Key) { ["MerchantId"] = Merchant.Value };
            row.SetIfAny("At", At);
            return row;
        }

        public static IndexRow FromTableEntity(TableEntity row) =>
            new(row.PartitionKey, row.RowKey, MerchantId.Parse(row.Text("MerchantId")), row.GetDateTimeOffset("At"), row.ETag);
    }
}

/// <summary>A note that the bank is to be asked about an application.</summary>
/// <param name="Merchant">Whose application.</param>
/// <param name="At">Since when.</param>
/// <param name="Version">The version that was read.</param>
internal sealed record WithBankNote(MerchantId Merchant, DateTimeOffset At, ETag Version);
