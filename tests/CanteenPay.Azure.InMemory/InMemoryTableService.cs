using System.Collections.Concurrent;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.InMemory;

/// <summary>
/// Tables in memory with the service's semantics: versions change with every write, codes are the service's, a page scans a number of rows and may come out empty.
/// </summary>
/// <remarks>
/// The hooks see every I/O as <c>{table}.{operation} {partitionKey}/{rowKey}</c>; a transaction as <c>{table}.Transaction {partitionKey}/{count}</c>, a page as
/// <c>{table}.Query {filter}</c>. A <see cref="BeforeOperation"/> that throws kills the caller before the write;
/// an <see cref="AfterOperation"/> that throws drops the answer of a write that was done.
/// </remarks>
public sealed class InMemoryTableService(TimeProvider? time = null) : TableServiceClient
{
    private const int MaxUnderstood = 1000;

    private readonly Dictionary<string, InMemoryTable> tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Filter, int Top), (Func<TableEntity, bool> Predicate, KeyRange Range)> understood = new();

    /// <summary>Called before each I/O.</summary>
    public Func<string, Task>? BeforeOperation { get; set; }

    /// <summary>Called after each I/O that succeeded.</summary>
    public Func<string, Task>? AfterOperation { get; set; }

    /// <summary>How many rows a page of a query looks at, matching or not; small values make empty pages.</summary>
    public int RowsScannedPerPage { get; set; } = 1000;

    /// <inheritdoc/>
    public override TableClient GetTableClient(string tableName)
    {
        EntityRules.CheckTable(tableName);
        return new InMemoryTableClient(tableName, this, time ?? TimeProvider.System);
    }

    internal InMemoryTable? Find(string name)
    {
        lock (tables)
        {
            return tables.GetValueOrDefault(name);
        }
    }

    internal void Create(string name)
    {
        lock (tables)
        {
            tables.TryAdd(name, new());
        }
    }

    /// <summary>What a query asks for; the same few are asked again and again.</summary>
    internal (Func<TableEntity, bool> Predicate, KeyRange Range) Understood(string? filter, int top)
    {
        var key = (filter ?? "", top);
        if (understood.TryGetValue(key, out var known))
        {
            return known;
        }

        _ = TableQuery.Create(filter, top, select: null);
        if (understood.Count >= MaxUnderstood)
        {
            understood.Clear();
        }

        return understood[key] = (InMemoryFilter.Parse(filter), KeyRange.Of(filter));
    }

    internal async Task<T> RunAsync<T>(string operation, Func<T> work)
    {
        await (BeforeOperation?.Invoke(operation) ?? Task.CompletedTask);
        var result = work();
        await (AfterOperation?.Invoke(operation) ?? Task.CompletedTask);
        return result;
    }
}
