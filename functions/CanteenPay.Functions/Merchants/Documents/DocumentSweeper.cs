using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>Removes blobs that are nobody's: of uploads and removals that were killed.</summary>
internal sealed class DocumentSweeper(DocumentRows rows, DocumentBlobs blobs, OpenDocuments open, ILogger<DocumentSweeper> logger) : ISweeper
{
    private const int MostAtOnce = 50;

    /// <summary>No upload lasts so long, not by far: a blob of this age without a row will never get one.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(1);

    /// <summary>Looks after what was begun an hour ago and did not end.</summary>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var apart = new OneByOne();
        await foreach (var note in open.ListAsync(now - Orphaned, cancellationToken).Take(MostAtOnce))
            await apart.TryAsync(() => CleanAsync(note, now, cancellationToken), cancellationToken);
        apart.End("merchants' blobs could not be looked after");
    }

    private async Task CleanAsync(OpenDocumentRow note, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Blobs first: one that gets its row in between has it when rows are read.
        var found = await blobs.ListAsync(note.Merchant, cancellationToken);
        var kept = (await rows.ListAsync(note.Merchant, cancellationToken)).Select(row => row.BlobName).ToHashSet(StringComparer.Ordinal);
        var isYoungLeft = false;
        foreach (var (name, at) in found.Where(blob => !kept.Contains(blob.Name)))
        {
            if (now - at <= Orphaned)
            {
                // Of an upload that is going on, perhaps: it is looked at again.
                isYoungLeft = true;
                continue;
            }

            await blobs.DeleteAsync(name, cancellationToken);
            DocumentLog.OrphanRemoved(logger, note.Merchant.Value, at);
        }

        if (!isYoungLeft)
            await open.EndAsync(note, cancellationToken);
    }
}
