using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CanteenPay.Functions.Operations;

/// <summary>Registry rows that are read for every order, kept for a minute: a machine that is blocked is refused a minute later at most.</summary>
internal sealed class RegistryCache(TimeProvider clock) : IDisposable
{
    /// <summary>How old a row may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(60);

    private readonly MemoryCache _cache = new(Options.Create(new MemoryCacheOptions { SizeLimit = 10_000 }));

    /// <summary>The row, from memory or by reading it; a row that is not there is not remembered.</summary>
    public async Task<T?> GetAsync<T>(string key, Func<Task<T?>> readAsync)
        where T : class
    {
        if (_cache.TryGetValue(key, out Entry<T>? entry) && clock.GetElapsedTime(entry!.ReadAt) < Freshness)
            return entry.Value;
        var readAt = clock.GetTimestamp();
        var value = await readAsync();
        if (value is not null)
            _cache.Set(key, new Entry<T>(value, readAt), new MemoryCacheEntryOptions { Size = 1 });
        return value;
    }

    public void Dispose() => _cache.Dispose();

    private sealed record Entry<T>(T Value, long ReadAt);
}
