using System.Security.Cryptography;
using Azure;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>A merchant's papers, for those who look at them.</summary>
internal sealed class MerchantDocuments(DocumentRows rows, DocumentBlobs blobs, OpenDocuments open, MerchantKeys keys)
{
    /// <summary>Between reading its row and its blob a paper may be replaced; that it happens again and again is no accident.</summary>
    private const int MostTries = 3;

    /// <summary>What there is.</summary>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task<IReadOnlyList<DocumentInfo>> ListAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        [.. (await rows.ListAsync(merchant, cancellationToken)).Select(row => row.Info)];

    /// <summary>A paper and its picture; null when there is none.</summary>
    /// <exception cref="SealException">It is there and cannot be opened: it was changed, or its blob or key is gone.</exception>
    /// <exception cref="RequestFailedException">Storage or the vault refused or was not reached.</exception>
    public async Task<(DocumentInfo Info, byte[] Picture)?> OpenAsync(MerchantId merchant, DocumentKind kind, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await rows.FindAsync(merchant, kind, cancellationToken) is not { } row)
                return null;
            if (await blobs.ReadAsync(row.BlobName, cancellationToken) is { } sealedBytes)
                return (row.Info, await OpenAsync(row, sealedBytes, cancellationToken));
        }

        throw new SealException($"The {kind.UrlName()} of merchant {merchant} is noted and its blob is not there.");
    }

    /// <summary>Deletes all papers of a merchant for ever. Safe to ask again after a kill.</summary>
    /// <remarks>Forget the merchant's key too (<see cref="MerchantKeys.ForgetAsync"/>): copies of blobs are then unreadable.</remarks>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task ForgetAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var note = await open.BeginAsync(merchant, cancellationToken);
        foreach (var row in await rows.ListAsync(merchant, cancellationToken))
            await rows.TryDeleteAsync(row with { Version = ETag.All }, cancellationToken);
        foreach (var (name, _) in await blobs.ListAsync(merchant, cancellationToken))
            await blobs.DeleteAsync(name, cancellationToken);
        await open.EndAsync(note, cancellationToken);
    }

    private async Task<byte[]> OpenAsync(DocumentRow row, byte[] sealedBytes, CancellationToken cancellationToken)
    {
        var key = await keys.FindAsync(row.Merchant, cancellationToken)
            ?? throw new SealException($"The {row.Info.Kind.UrlName()} of merchant {row.Merchant} cannot be opened: its key is gone.");
        var picture = key.Open(sealedBytes, row.Purpose);
        return Convert.ToHexStringLower(SHA256.HashData(picture)) == row.Info.Sha256
            ? picture
            : throw new SealException($"The {row.Info.Kind.UrlName()} of merchant {row.Merchant} is not the one that its row describes.");
    }
}
