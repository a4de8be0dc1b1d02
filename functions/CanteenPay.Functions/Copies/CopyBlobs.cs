using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace CanteenPay.Functions.Copies;

/// <summary>The private container <c>table-copies</c>. Nothing here ever changes or deletes a blob: the account's own rule does, by age.</summary>
/// <remarks>Every method may throw <see cref="RequestFailedException"/>: storage refused or was not reached.</remarks>
internal sealed class CopyBlobs(BlobServiceClient blobs) : ICopyFiles
{
    private const string Container = "table-copies";

    /// <summary>A part goes in one request: it is there or it is not.</summary>
    private const int AtOnce = 256 * 1024 * 1024;

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(Container);

    /// <inheritdoc/>
    public async Task<bool> TryPutAsync(string name, BinaryData content, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        try
        {
            return await UploadAsync(name, content, metadata, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Bicep makes it; a local cloud has none before the first copy.
            await _container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
            return await UploadAsync(name, content, metadata, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata.AsReadOnly();
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<BinaryData?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken)).Value.Content;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string Name, IReadOnlyDictionary<string, string> Metadata)> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var found = _container.GetBlobsAsync(BlobTraits.Metadata, prefix: prefix, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
            yield return (found.Current.Name, found.Current.Metadata.AsReadOnly());

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await found.MoveNextAsync();
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                return false;
            }
        }
    }

    private async Task<bool> UploadAsync(string name, BinaryData content, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = new() { IfNoneMatch = ETag.All },
            Metadata = metadata.ToDictionary(StringComparer.Ordinal),
            TransferOptions = new() { InitialTransferSize = AtOnce, MaximumTransferSize = AtOnce },
            // Azurite answers 500 to CRC-64.
            TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
        };
        try
        {
            await _container.GetBlobClient(name).UploadAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }
}
