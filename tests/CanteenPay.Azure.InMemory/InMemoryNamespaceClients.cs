using System.Collections.Concurrent;
using CanteenPay.Azure.ResourceManager;

namespace CanteenPay.Azure.InMemory;

/// <summary>The clients of a broker, in memory. The hooks see each I/O as <c>Client {name}</c>.</summary>
public sealed class InMemoryNamespaceClients : EventGridNamespaceClients
{
    private readonly ConcurrentDictionary<string, EventGridNamespaceClient> clients = new(StringComparer.OrdinalIgnoreCase);
    private int writes;

    /// <summary>Called before each write; throwing keeps it from happening.</summary>
    public Func<string, Task>? BeforeOperation { get; set; }

    /// <summary>Called after each write; throwing drops the answer.</summary>
    public Func<string, Task>? AfterOperation { get; set; }

    /// <summary>All of them by name.</summary>
    public IReadOnlyDictionary<string, EventGridNamespaceClient> All => clients;

    /// <summary>How many writes took effect.</summary>
    public int Writes => writes;

    /// <inheritdoc/>
    public override Task<EventGridNamespaceClient?> GetIfExistsAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(clients.TryGetValue(name, out var client) ? client : null);

    /// <inheritdoc/>
    public override async Task CreateOrUpdateAsync(string name, EventGridNamespaceClient client, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await (BeforeOperation?.Invoke($"Client {name}") ?? Task.CompletedTask);
        clients[name] = client;
        Interlocked.Increment(ref writes);
        await (AfterOperation?.Invoke($"Client {name}") ?? Task.CompletedTask);
    }
}
