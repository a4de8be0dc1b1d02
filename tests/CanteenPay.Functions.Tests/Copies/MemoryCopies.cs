using System.Runtime.CompilerServices;
using CanteenPay.Functions.Copies;

namespace CanteenPay.Functions.Tests.Copies;

/// <summary>Copies in memory. The hooks see each I/O; one that throws before it kills the caller before the write, one after it drops the answer.</summary>
internal sealed class MemoryCopies : ICopyFiles
{
    public SortedDictionary<string, (BinaryData Content, IReadOnlyDictionary<string, string> Metadata)> All { get; } = new(StringComparer.Ordinal);

    public Func<string, Task>? BeforeOperation { get; set; }

    public Func<string, Task>? AfterOperation { get; set; }

    public Task<bool> TryPutAsync(string name, BinaryData content, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        // What a header can hold.
        metadata.Values.ShouldAllBe(value => value.All(c => c >= ' ' && c <= '~') && value.Trim() == value && value.Length < 8000);
        return RunAsync($"copies.Put {name}", () => All.TryAdd(name, (content, metadata)));
    }

    public Task<IReadOnlyDictionary<string, string>?> FindAsync(string name, CancellationToken cancellationToken) =>
        RunAsync($"copies.Find {name}", () => All.TryGetValue(name, out var file) ? file.Metadata : null);

    public Task<BinaryData?> ReadAsync(string name, CancellationToken cancellationToken) =>
        RunAsync($"copies.Read {name}", () => All.TryGetValue(name, out var file) ? file.Content : null);

    public async IAsyncEnumerable<(string Name, IReadOnlyDictionary<string, string> Metadata)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in await RunAsync($"copies.List {prefix}", () => All.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList()))
            yield return (file.Key, file.Value.Metadata);
    }

    private async Task<T> RunAsync<T>(string operation, Func<T> work)
    {
        await (BeforeOperation?.Invoke(operation) ?? Task.CompletedTask);
        var result = work();
        await (AfterOperation?.Invoke(operation) ?? Task.CompletedTask);
        return result;
    }
}
