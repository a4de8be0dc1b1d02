using System.Security.Cryptography;
using CanteenPay.Functions.Merchants.Documents.Images;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>
/// Keeps papers. A kill at any instant leaves either the old paper or the new one, whole; a blob that is then nobody's is removed by <see cref="DocumentSweeper"/>.
/// </summary>
internal sealed class DocumentStore(DocumentRows rows, DocumentBlobs blobs, OpenDocuments open, MerchantKeys keys, TimeProvider clock)
{
    /// <summary>Uploads of one paper at once: the last one stays, and each is told so, unless it is overtaken this often.</summary>
    private const int MostTries = 5;

    /// <summary>Keeps a picture in the place of the one before.</summary>
    /// <returns>The paper, and the one before; null when others were faster each time.</returns>
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
    /// <returns>What it was; null when there is none, or somebody put another in its place meanwhile.</returns>
    /// <exception cref="global::Azure.RequestFailedException">Storage refused or was not reached.</exception>
    public async Task<DocumentInfo?> RemoveAsync(MerchantId merchant, DocumentKind kind, CancellationToken cancellationToken)
    {
        if (await rows.FindAsync(merchant, kind, cancellationToken) is not { } row)
            return null;
        var note = await open.BeginAsync(merchant, cancellationToken);
        var deleted = await rows.TryDeleteAsync(row, cancellationToken);
        if (deleted)
            await blobs.DeleteAsync(row.BlobName, cancellationToken);
        await open.EndAsync(note, cancellationToken);
        return deleted ? row.Info : null;
    }

    private async Task<(bool Written, DocumentRow? Before)> WriteAsync(DocumentRow row, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var before = await rows.FindAsync(row.Merchant, row.Info.Kind, cancellationToken);
            if (await rows.TryWriteAsync(row, before, cancellationToken))
                return (true, before);
        }

        return (false, null);
    }
}
