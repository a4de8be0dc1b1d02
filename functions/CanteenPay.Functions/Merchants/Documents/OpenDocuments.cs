using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>The merchants whose blobs are being changed.</summary>
internal sealed class OpenDocuments(TableServiceClient tables, TimeProvider clock)
{
    private readonly TableClient _merchants = tables.GetTableClient("Merchants");

    /// <summary>Notes that a change begins.</summary>
    public async Task<OpenDocumentRow> BeginAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var note = OpenDocumentRow.New(merchant, clock.GetUtcNow());
        await _merchants.AddEntityAsync(note, cancellationToken);
        return note;
    }

    /// <summary>Notes that it is over, nothing being left behind.</summary>
    public async Task EndAsync(OpenDocumentRow note, CancellationToken cancellationToken)
    {
        try
        {
            await _merchants.DeleteEntityAsync(OpenDocumentRow.Partition, note.Key, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // The sweeper came first.
        }
    }

    /// <summary>Those that began before an instant, the oldest first.</summary>
    public IAsyncEnumerable<OpenDocumentRow> ListAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var (partition, end) = (OpenDocumentRow.Partition, OpenDocumentRow.KeyOf(before));
        return _merchants.QueryAsync<OpenDocumentRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {end}"), cancellationToken: cancellationToken);
    }
}
