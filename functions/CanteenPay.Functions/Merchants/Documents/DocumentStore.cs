using System.Security.Cryptography;
using CanteenPay.Functions.Merchants.Documents.Images;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>
/// Keeps papers. A kill at any instant leaves either the old paper or the new one, whole; a blob that is then nobody's is removed by <see cref="DocumentSweeper"/>.
/// </summary>
internal sealed class DocumentStore(DocumentRows rows, DocumentBlobs blobs, OpenDocuments open, MerchantKeys keys, IApplications applications, TimeProvider clock)
{
    /// <summary>Uploads of one paper at once: the last one stays, and each is told so, unless it is overtaken this often.</summary>
    private const int MostTries = 5;

    /// <summary>Keeps a picture in the place of the one before.</summary>
    /// <returns>The paper, and the one before; null when others were faster each time, or the application was handed in meanwhile.</returns>
    /// <exception cref="SealException">The merchant's key does not open.</exception>
    /// <exception cref="global::Azure.RequestFailedException">Storage or the vault refused or was not reached.</exception>
    public async Task<(DocumentInfo Kept, DocumentInfo? Before)?> KeepAsync(
        MerchantId merchant, DocumentKind kind, ImageVerdict.Accepted picture, string by, CancellationToken cancellationToken)
    {
        var key = await keys.OfAsync(merchant, cancellationToken);
        var info = new DocumentInfo(
            kind, DocumentInfo.ContentTypeOf(picture.Type), picture.Bytes.Length, picture.Width, picture.Height,
            Convert.ToHexStringLower(SHA256.HashData(picture.Bytes)), clock.GetUtcNow(), by);
        var row = new DocumentRow(merchant, info, DocumentBlobs.NewName(merchant));

        var note = await open.BeginAsync(merchant, cancellationToken);
        await blobs.PutAsync(row.BlobName, key.Seal(picture.Bytes, row.Purpose), cancellationToken);
        var (written, before) = await WriteAsync(row, cancellationToken);
        if (!written)
            await blobs.DeleteAsync(row.BlobName, cancellationToken);
        else if (before is not null)
            await blobs.DeleteAsync(before.BlobName, cancellationToken);
        await open.EndAsync(note, cancellationToken);
        return written ? (info, before?.Info) : null;
    }

    /// <summary>Takes a paper away.</summary>
    /// <returns>What it was; null when there is none, somebody put another in its place meanwhile, or the application was handed in meanwhile.</returns>
    /// <exception cref="global::Azure.RequestFailedException">Storage refused or was not reached.</exception>
    public async Task<DocumentInfo?> RemoveAsync(MerchantId merchant, DocumentKind kind, CancellationToken cancellationToken)
    {
        if (await rows.FindAsync(merchant, kind, cancellationToken) is not { } row)
            return null;
        var note = await open.BeginAsync(merchant, cancellationToken);
        // Asked last of all: what was handed in meanwhile keeps its papers.
        var isOpen = await applications.CanEditAsync(merchant, cancellationToken);
        var left = isOpen && !await rows.TryDeleteAsync(row, cancellationToken) ? await rows.FindAsync(merchant, kind, cancellationToken) : null;
        // Not deleted by this answer, and gone: the answer to it was lost, or another took it away. Either way nothing names the blob any more.
        var isNamed = !isOpen || left?.BlobName == row.BlobName;
        if (!isNamed)
            await blobs.DeleteAsync(row.BlobName, cancellationToken);
        await open.EndAsync(note, cancellationToken);
        return isNamed || left is not null ? null : row.Info;
    }

    private async Task<(bool Written, DocumentRow? Before)> WriteAsync(DocumentRow row, CancellationToken cancellationToken)
    {
        DocumentRow? before = null;
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var found = await rows.FindAsync(row.Merchant, row.Info.Kind, cancellationToken);
            // A write that took effect and was answered "overtaken", because its first answer was lost and it was sent again below us.
            if (found?.BlobName == row.BlobName)
                return (true, before);
            before = found;
            // It may have been handed in while the picture was sealed and stored.
            if (!await applications.CanEditAsync(row.Merchant, cancellationToken))
                return (false, null);
            if (await rows.TryWriteAsync(row, before, cancellationToken))
                return (true, before);
        }

        return await rows.FindAsync(row.Merchant, row.Info.Kind, cancellationToken) is { } last && last.BlobName == row.BlobName ? (true, before) : (false, null);
    }
}
