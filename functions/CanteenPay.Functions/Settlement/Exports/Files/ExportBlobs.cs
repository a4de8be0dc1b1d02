using System.Net;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>
/// The private container <c>settlements</c>. A name says date and revision, so what lies under one never changes: the first that was written stands, also when a merchant was
/// given another name since.
/// </summary>
internal sealed class ExportBlobs(BlobServiceClient blobs) : IExportFiles
{
    private const string Container = "settlements";
    private const string Sum = "sha256";

    /// <summary>So much of a file is in memory at a time.</summary>
    private const int BlockBytes = 4 * 1024 * 1024;

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient(Container);

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task<StoredFile> PutAsync(ExportName name, DraftFile draft, CancellationToken cancellationToken)
    {
        try
        {
            return await UploadAsync(name, draft, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Bicep makes it; a local cloud has none before the first file.
            await _container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
            return await UploadAsync(name, draft, cancellationToken);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task<OpenFile?> OpenAsync(ExportName name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (await _container.GetBlobClient(name.Path).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            return new(new(name.ToString(), answer.Details.ContentLength, SumOf(name, answer.Details.Metadata)), answer.Content);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<StoredFile> UploadAsync(ExportName name, DraftFile draft, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(name.Path);
        try
        {
            await blob.UploadAsync(draft.Read(), Options(name, draft.Sha256), cancellationToken);
            return new(name.ToString(), draft.Length, draft.Sha256);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            var there = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new(name.ToString(), there.ContentLength, SumOf(name, there.Metadata));
        }
    }

    private static BlobUploadOptions Options(ExportName name, string sha256) => new()
    {
        Conditions = new() { IfNoneMatch = ETag.All },
        HttpHeaders = new() { ContentType = name.Format.ContentType(), ContentDisposition = $"attachment; filename=\"{name}\"" },
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Sum] = sha256 },
        // One block at a time, checked by MD5: Azurite answers 500 to CRC-64.
        TransferOptions = new() { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 1 },
        TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
    };

    private static string SumOf(ExportName name, IDictionary<string, string> metadata) =>
        metadata.TryGetValue(Sum, out var sum) ? sum : throw new InvalidOperationException($"The file {name} was not put there by us: it has no sum.");
}
