namespace CanteenPay.Functions.Copies;

/// <summary>Where copies lie: names like paths, and what was written first under a name stands.</summary>
internal interface ICopyFiles
{
    /// <summary>Puts a file, whole or not at all, unless one of its name is there.</summary>
    /// <returns>False when one was there.</returns>
    Task<bool> TryPutAsync(string name, BinaryData content, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>A file's metadata; null when it is not there.</summary>
    Task<IReadOnlyDictionary<string, string>?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>A file's bytes; null when it is not there.</summary>
    Task<BinaryData?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>The files whose names begin so, in order of their names, with their metadata.</summary>
    IAsyncEnumerable<(string Name, IReadOnlyDictionary<string, string> Metadata)> ListAsync(string prefix, CancellationToken cancellationToken);
}
