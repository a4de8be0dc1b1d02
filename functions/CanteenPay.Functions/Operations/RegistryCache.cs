using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CanteenPay.Functions.Operations;

/// <summary>Registry rows that are read for every order, kept for a minute: a machine that is blocked is refused a minute later at most.</summary>
internal sealed class RegistryCache(TimeProvider clock) : IDisposable
{
    /// <summary>How old a row may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(60);

    private readonly MemoryCache _cache = new(Options.Create(new MemoryCacheOptions { SizeLimit = 10_000 }));

    /// <summary>For how long it may be remembered that a row is not there.</summary>
    public static readonly TimeSpan Absence = TimeSpan.FromSeconds(5);

    /// <summary>The row, from memory or by reading it.</summary>
    /// <param name="key">Under which it is remembered.</param>
    /// <param name="readAsync">Reads it.</param>
    /// <param name="remembersAbsence">Whether a row that is not there is remembered for <see cref="Absence"/>; else it is read again each time.</param>
    public async Task<T?> GetAsync<T>(string key, Func<Task<T?>> readAsync, bool remembersAbsence = false)
        where T : class
    {
        if (_cache.TryGetValue(key, out Entry<T>? entry) && clock.GetElapsedTime(entry!.ReadAt) < (entry.Value is null ? Absence : Freshness))
            return entry.Value;
        var readAt = clock.GetTimestamp();
        var value = await readAsync();
        if (value is not null)
            _cache.Set(key, new Entry<T>(value, readAt), new MemoryCacheEntryOptions { Size = 1 });
        else if (remembersAbsence)
            _cache.Set(key, new Entry<T>(null, readAt), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Absence });
        return value;
    }

    /// <summary>Forgets a row that was just written here.</summary>
    public void Forget(string key) => _cache.Remove(key);

    public void Dispose() => _cache.Dispose();

    private sealed record Entry<T>(T? Value, long ReadAt);
}
