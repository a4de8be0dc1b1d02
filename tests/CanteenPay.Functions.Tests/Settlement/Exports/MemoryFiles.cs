using CanteenPay.Functions.Settlement.Exports.Files;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Files in memory; whoever is killed by a world's I/O is killed by these too.</summary>
internal sealed class MemoryFiles(World world) : IExportFiles
{
    public SortedDictionary<string, byte[]> All { get; } = new(StringComparer.Ordinal);

    public async Task<StoredFile> PutAsync(ExportName name, DraftFile draft, CancellationToken cancellationToken)
    {
        await (world.Tables.BeforeOperation?.Invoke($"files.Put {name}") ?? Task.CompletedTask);
        using var bytes = new MemoryStream();
        await draft.Read().CopyToAsync(bytes, cancellationToken);
        All.TryAdd(name.Path, bytes.ToArray());
        await (world.Tables.AfterOperation?.Invoke($"files.Put {name}") ?? Task.CompletedTask);
        return Of(name);
    }

    public Task<OpenFile?> OpenAsync(ExportName name, CancellationToken cancellationToken) =>
        Task.FromResult(All.TryGetValue(name.Path, out var bytes) ? new OpenFile(Of(name), new MemoryStream(bytes)) : null);

    private StoredFile Of(ExportName name) =>
        new(name.ToString(), All[name.Path].Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(All[name.Path])));
}
