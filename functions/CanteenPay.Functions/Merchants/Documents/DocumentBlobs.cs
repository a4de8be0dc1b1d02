using System.Net;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>The private container <c>documents</c>: <c>{merchantId}/{16 random}</c>, sealed before they come here.</summary>
internal sealed class DocumentBlobs(BlobServiceClient blobs)
{
    private const string Container = "documents";
    private const int NameLength = 16;

    /// <summary>Azurite answers 500 to CRC-64.</summary>
    private static readonly UploadTransferValidationOptions Checked = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(Container);

    /// <summary>A name that no blob has.</summary>
    public static string NewName(MerchantId merchant) => $"{merchant}/{Crockford.Random(NameLength)}";

    /// <summary>Puts a blob, whole or not at all.</summary>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task PutAsync(string name, byte[] sealedBytes, CancellationToken cancellationToken)
    {
        try
        {
            await UploadAsync(name, sealedBytes, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Bicep makes it; a local cloud has none before the first paper.
            await _container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
            await UploadAsync(name, sealedBytes, cancellationToken);
        }
    }

    /// <summary>A blob's bytes; null when there is none.</summary>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return answer.Value.Content.ToArray();
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Deletes a blob, if there is one.</summary>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _container.DeleteBlobIfExistsAsync(name, DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Without the container there is no blob.
        }
    }

    /// <summary>A merchant's blobs, and when each was made.</summary>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task<IReadOnlyList<(string Name, DateTimeOffset At)>> ListAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var found = new List<(string, DateTimeOffset)>();
        try
        {
            await foreach (var blob in _container.GetBlobsAsync(prefix: $"{merchant}/", cancellationToken: cancellationToken))
                found.Add((blob.Name, blob.Properties.LastModified ?? DateTimeOffset.MaxValue));
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Without the container there is no blob.
        }

        return found;
    }

    private async Task UploadAsync(string name, byte[] sealedBytes, CancellationToken cancellationToken) => await _container.GetBlobClient(name).UploadAsync(
        BinaryData.FromBytes(sealedBytes), new BlobUploadOptions { TransferValidation = Checked }, cancellationToken);
}
