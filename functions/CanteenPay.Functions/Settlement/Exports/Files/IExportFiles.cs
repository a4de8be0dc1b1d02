namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>Where files lie for good.</summary>
internal interface IExportFiles
{
    /// <summary>Puts a file, whole or not at all, unless one of its name is there.</summary>
    /// <returns>What lies under the name: this one, or the one that was first.</returns>
    Task<StoredFile> PutAsync(ExportName name, DraftFile draft, CancellationToken cancellationToken);

    /// <summary>What lies under a name, to be read; null when nothing does.</summary>
    Task<OpenFile?> OpenAsync(ExportName name, CancellationToken cancellationToken);
}

/// <summary>A file that lies there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its sum, as lower-case hex.</param>
internal sealed record StoredFile(string Name, long Bytes, string Sha256);

/// <summary>A file being read.</summary>
/// <param name="File">Which.</param>
/// <param name="Content">Its bytes; the reader closes it.</param>
internal sealed record OpenFile(StoredFile File, Stream Content);
