using System.Runtime.CompilerServices;
using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.InMemory;

/// <summary>A table of <see cref="InMemoryTableService"/>: the same checks, codes and versions as the real one.</summary>
internal sealed class InMemoryTableClient(string name, InMemoryTableService service, TimeProvider time) : TableClient(name)
{
    public override Task CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        RunAsync("Create", () => Created(), cancellationToken);

    public override Task<T> GetEntityAsync<T>(string partitionKey, string rowKey, CancellationToken cancellationToken = default)
    {
        EntityRules.CheckKeys(partitionKey, rowKey);
        return RunAsync(
            $"Get {partitionKey}/{rowKey}", () => Table().Find(partitionKey, rowKey) is { } row ? Read<T>(row) : throw NoRow(partitionKey, rowKey), cancellationToken);
    }

    public override Task<T?> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, CancellationToken cancellationToken = default)
        where T : class
    {
        EntityRules.CheckKeys(partitionKey, rowKey);
        return RunAsync($"Get {partitionKey}/{rowKey}", () => Table().Find(partitionKey, rowKey) is { } row ? Read<T>(row) : null, cancellationToken);
    }

    public override Task<ETag> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        WriteAsync("Add", new(TableTransactionActionType.Add, entity), cancellationToken);

    public override Task<ETag> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "Update", new(mode == TableUpdateMode.Replace ? TableTransactionActionType.UpdateReplace : TableTransactionActionType.UpdateMerge, entity, ifMatch), cancellationToken);

    public override Task<ETag> UpsertEntityAsync<T>(T entity, TableUpdateMode mode, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "Upsert", new(mode == TableUpdateMode.Replace ? TableTransactionActionType.UpsertReplace : TableTransactionActionType.UpsertMerge, entity), cancellationToken);

    public override Task DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        WriteAsync("Delete", new(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), ifMatch), cancellationToken);

    public override async IAsyncEnumerable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (predicate, range) = service.Understood(filter, maxPerPage ?? 1000);
        var columns = select?.ToHashSet(StringComparer.Ordinal);
        var count = Math.Min(maxPerPage ?? 1000, service.RowsScannedPerPage);
        (string, string)? position = null;
        IReadOnlyList<TableEntity> page;
        do
        {
            page = await RunAsync($"Query {filter}", () => Table().Scan(range, position, count), cancellationToken);
            foreach (var row in page.Where(predicate))
            {
                yield return T.FromTableEntity(Selected(row, columns));
            }

            position = page.Count > 0 ? (page[^1].PartitionKey, page[^1].RowKey) : null;
        }
        while (page.Count == count);
    }

    public override Task<IReadOnlyList<ETag>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        TableTransactionAction[] actions = [.. transactionActions.Take(EntityRules.MaxActions + 1)];
        EntityRules.Check(actions);
        return RunAsync(
            $"Transaction {actions[0].Entity.PartitionKey}/{actions.Length}",
            () => Table().Apply(
                actions, time.GetUtcNow(), (index, status, code) => new TableTransactionFailedException(status, $"{index}:{code} in table '{Name}'.", code, index)),
            cancellationToken);
    }

    private async Task<ETag> WriteAsync(string operation, TableTransactionAction action, CancellationToken cancellationToken)
    {
        EntityRules.Check(action.Entity);
        var etags = await RunAsync(
            $"{operation} {action.Entity.PartitionKey}/{action.Entity.RowKey}",
            () => Table().Apply(
                [action],
                time.GetUtcNow(),
                (_, status, code) => new RequestFailedException(
                    status, $"{code}: {operation} ('{action.Entity.PartitionKey}', '{action.Entity.RowKey}') in table '{Name}'.", code, null)),
            cancellationToken);
        return etags[0];
    }

    private bool Created()
    {
        service.Create(Name);
        return true;
    }

    private InMemoryTable Table() =>
        service.Find(Name) ?? throw new RequestFailedException(404, $"There is no table '{Name}': call CreateIfNotExistsAsync.", TableErrorCode.TableNotFound, null);

    private RequestFailedException NoRow(string partitionKey, string rowKey) =>
        new(404, $"Table '{Name}' has no row ('{partitionKey}', '{rowKey}').", TableErrorCode.ResourceNotFound, null);

    // A copy: what a caller does to its row must not change what is stored.
    private static T Read<T>(TableEntity row)
        where T : class, ITableEntity<T> => T.FromTableEntity(row.Stored(row.ETag, row.Timestamp));

    private static TableEntity Selected(TableEntity row, HashSet<string>? columns)
    {
        var copy = row.Stored(row.ETag, row.Timestamp);
        if (columns is null)
        {
            return copy;
        }

        foreach (var name in copy.Keys.Where(name => !columns.Contains(name)).ToArray())
        {
            copy.Remove(name);
        }

        return copy;
    }

    private Task<T> RunAsync<T>(string operation, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return service.RunAsync($"{Name}.{operation}", work);
    }
}
