using System.Runtime.CompilerServices;
using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>
/// One table. The port that stores are written against: every method is virtual. Names are the official client's; it differs in that reads give the entity itself and
/// writes the new <see cref="ETag"/> instead of a response, and in that the way of an update must be said.
/// Writes whose answer was lost are settled by reading and comparing.
/// </summary>
/// <remarks>Errors of the service are <see cref="RequestFailedException"/> with status and <see cref="TableErrorCode"/>; status 0 means that it was not reached.</remarks>
public class TableClient
{
    // The service's own limit of a page.
    private const int MaxPerPage = 1000;

    private readonly TablePipeline? pipeline;
    private readonly TableWrites? writes;

    internal TableClient(string name, TablePipeline pipeline)
    {
        Name = name;
        this.pipeline = pipeline;
        writes = new(pipeline, name);
    }

    /// <summary>For implementations that need no account.</summary>
    protected TableClient(string name) => Name = name;

    /// <summary>The table's name.</summary>
    public virtual string Name { get; }

    private TablePipeline Pipeline => pipeline ?? throw new InvalidOperationException($"Table '{Name}' has no account: override the method.");

    private TableWrites Writes => writes ?? throw new InvalidOperationException($"Table '{Name}' has no account: override the method.");

    /// <summary>A filter with its values quoted: <c>CreateQueryFilter($"PartitionKey eq {key} and Amount gt {5L}")</c>.</summary>
    /// <exception cref="ArgumentException">A value is null or of a type that a filter cannot hold.</exception>
    public static string CreateQueryFilter(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return TableFilter.Create(filter);
    }

    /// <summary>Makes the table unless it exists.</summary>
    /// <exception cref="RequestFailedException">The service refused or was not reached.</exception>
    public virtual async Task CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = Pipeline.CreateTable(Name);
        var response = await Pipeline.SendAsync(message, cancellationToken);
        if (response.IsError && new RequestFailedException(response) is var error && error.ErrorCode != TableErrorCode.TableAlreadyExists)
        {
            throw error;
        }
    }

    /// <summary>The row.</summary>
    /// <exception cref="RequestFailedException">404 <see cref="TableErrorCode.ResourceNotFound"/>: there is none.</exception>
    /// <exception cref="ArgumentException">A key that no row can have.</exception>
    public virtual async Task<T> GetEntityAsync<T>(string partitionKey, string rowKey, CancellationToken cancellationToken = default)
        where T : class, ITableEntity<T> =>
        await GetEntityIfExistsAsync<T>(partitionKey, rowKey, cancellationToken)
        ?? throw new RequestFailedException(404, $"Table '{Name}' has no row ('{partitionKey}', '{rowKey}').", TableErrorCode.ResourceNotFound, null);

    /// <summary>The row, or null when there is none. A missing table is an error.</summary>
    /// <exception cref="RequestFailedException">The service refused or was not reached.</exception>
    /// <exception cref="ArgumentException">A key that no row can have.</exception>
    public virtual async Task<T?> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, CancellationToken cancellationToken = default)
        where T : class, ITableEntity<T>
    {
        EntityRules.CheckKeys(partitionKey, rowKey);
        return await Writes.FindAsync(partitionKey, rowKey, cancellationToken) is { } row ? T.FromTableEntity(row) : null;
    }

    /// <summary>Inserts a row that must not exist.</summary>
    /// <returns>The version of the new row.</returns>
    /// <exception cref="RequestFailedException">409 <see cref="TableErrorCode.EntityAlreadyExists"/>.</exception>
    /// <exception cref="ArgumentException">A row that Azure would refuse.</exception>
    public virtual Task<ETag> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : class, ITableEntity<T> => WriteAsync(TableTransactionActionType.Add, entity, default, cancellationToken);

    /// <summary>Writes a row that must be the version <paramref name="ifMatch"/>, or must merely exist with <see cref="ETag.All"/>.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="RequestFailedException">412 <see cref="TableErrorCode.UpdateConditionNotSatisfied"/>, 404 <see cref="TableErrorCode.ResourceNotFound"/>.</exception>
    /// <exception cref="ArgumentException">No version was given, or a row that Azure would refuse.</exception>
    public virtual Task<ETag> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode, CancellationToken cancellationToken = default)
        where T : class, ITableEntity<T> => WriteAsync(
            mode == TableUpdateMode.Replace ? TableTransactionActionType.UpdateReplace : TableTransactionActionType.UpdateMerge, entity, ifMatch, cancellationToken);

    /// <summary>Writes a row whether or not it exists.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="RequestFailedException">The service refused or was not reached.</exception>
    /// <exception cref="ArgumentException">A row that Azure would refuse.</exception>
    public virtual Task<ETag> UpsertEntityAsync<T>(T entity, TableUpdateMode mode, CancellationToken cancellationToken = default)
        where T : class, ITableEntity<T> => WriteAsync(
            mode == TableUpdateMode.Replace ? TableTransactionActionType.UpsertReplace : TableTransactionActionType.UpsertMerge, entity, default, cancellationToken);

    /// <summary>Deletes a row that must exist, and be the version <paramref name="ifMatch"/> unless that is default or <see cref="ETag.All"/>.</summary>
    /// <exception cref="RequestFailedException">412 <see cref="TableErrorCode.UpdateConditionNotSatisfied"/>, 404 <see cref="TableErrorCode.ResourceNotFound"/>.</exception>
    /// <exception cref="ArgumentException">A key that no row can have.</exception>
    public virtual Task DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        WriteAsync(TableTransactionActionType.Delete, new TableEntity(partitionKey, rowKey), ifMatch, cancellationToken);

    /// <summary>The rows that match, in order of their keys, page by page as they are needed; empty pages are passed over.</summary>
    /// <param name="filter">An OData filter, see <see cref="CreateQueryFilter"/>; null for all rows. About 15 comparisons at most.</param>
    /// <param name="maxPerPage">How many rows to fetch at once, 1 to 1000. It does not limit how many come in all: stop reading for that.</param>
    /// <param name="select">The properties to fetch (the keys always come); null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RequestFailedException">The service refused or was not reached.</exception>
    public virtual async IAsyncEnumerable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class, ITableEntity<T>
    {
        var query = TableQuery.Create(filter, maxPerPage ?? MaxPerPage, select);
        TableContinuation? position = null;
        do
        {
            using var message = Pipeline.Query(Name, query.At(position));
            var response = await Pipeline.SendAsync(message, cancellationToken);
            if (response.IsError)
            {
                throw new RequestFailedException(response);
            }

            foreach (var row in EntityJson.ReadPage(response.Content.ToMemory()))
            {
                yield return T.FromTableEntity(row);
            }

            position = TableContinuation.Next(response, position);
        }
        while (position is not null);
    }

    /// <summary>Writes up to 100 rows of one partition, all or none.</summary>
    /// <returns>The new versions, in the order of the actions; default for a delete.</returns>
    /// <exception cref="TableTransactionFailedException">The service refused; nothing was written. Its code and index say why.</exception>
    /// <exception cref="ArgumentException">No action, more than 100 or 4 MiB, two partitions, a row twice, or a row that Azure would refuse.</exception>
    public virtual async Task<IReadOnlyList<ETag>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        TableTransactionAction[] actions = [.. transactionActions.Take(EntityRules.MaxActions + 1)];
        EntityRules.Check(actions);
        return await Writes.TransactionAsync(actions, cancellationToken);
    }

    private async Task<ETag> WriteAsync(TableTransactionActionType type, ITableEntity entity, ETag ifMatch, CancellationToken cancellationToken)
    {
        TableTransactionAction action = new(type, entity, ifMatch);
        EntityRules.Check(action.Entity);
        return await Writes.SingleAsync(action, cancellationToken);
    }
}
