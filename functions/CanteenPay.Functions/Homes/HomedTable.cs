using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Homes;

/// <summary>One of the merchants' tables: each row and each query goes to the account of the merchant whose partition it names.</summary>
/// <param name="main">The table of the main account.</param>
/// <param name="door">The way to the others.</param>
internal sealed partial class HomedTable(TableClient main, MerchantDoor door) : TableClient(main.Name)
{
    /// <inheritdoc/>
    public override Task CreateIfNotExistsAsync(CancellationToken cancellationToken = default) => main.CreateIfNotExistsAsync(cancellationToken);

    /// <inheritdoc/>
    public override async Task<T?> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, CancellationToken cancellationToken = default)
        where T : class => await (await OfAsync(partitionKey, cancellationToken)).GetEntityIfExistsAsync<T>(partitionKey, rowKey, cancellationToken);

    /// <inheritdoc/>
    public override async Task<ETag> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        await (await OfAsync(entity.ToTableEntity().PartitionKey, cancellationToken)).AddEntityAsync(entity, cancellationToken);

    /// <inheritdoc/>
    public override async Task<ETag> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode, CancellationToken cancellationToken = default) =>
        await (await OfAsync(entity.ToTableEntity().PartitionKey, cancellationToken)).UpdateEntityAsync(entity, ifMatch, mode, cancellationToken);

    /// <inheritdoc/>
    public override async Task<ETag> UpsertEntityAsync<T>(T entity, TableUpdateMode mode, CancellationToken cancellationToken = default) =>
        await (await OfAsync(entity.ToTableEntity().PartitionKey, cancellationToken)).UpsertEntityAsync(entity, mode, cancellationToken);

    /// <inheritdoc/>
    public override async Task DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        await (await OfAsync(partitionKey, cancellationToken)).DeleteEntityAsync(partitionKey, rowKey, ifMatch, cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var partition = FirstPartition().Match(filter ?? "") is { Success: true } match
            ? match.Groups["key"].Value
            : throw new InvalidOperationException($"A query of {Name} must begin with the partition of its merchant: '{filter}' does not.");
        var table = await OfAsync(partition, cancellationToken);
        await foreach (var row in table.QueryAsync<T>(filter, maxPerPage, select, cancellationToken))
            yield return row;
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<ETag>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        // The client of the account says what is wrong with a transaction of nothing, or of two partitions.
        IReadOnlyList<TableTransactionAction> actions = [.. transactionActions];
        return await (actions.Count == 0 ? main : await OfAsync(actions[0].Entity.PartitionKey, cancellationToken)).SubmitTransactionAsync(actions, cancellationToken);
    }

    private async ValueTask<TableClient> OfAsync(string partitionKey, CancellationToken cancellationToken) =>
        MerchantOf(partitionKey) is { } merchant ? (await door.OpenAsync(merchant, cancellationToken)).GetTableClient(Name) : main;

    /// <summary>Whose partition it is; null for one that is no merchant's, such as the one that readiness asks for.</summary>
    private static MerchantId? MerchantOf(string partitionKey) =>
        partitionKey.Length >= MerchantId.Length && (partitionKey.Length == MerchantId.Length || partitionKey[MerchantId.Length] == '-')
        && MerchantId.TryParse(partitionKey[..MerchantId.Length], null, out var merchant)
            ? merchant
            : null;

    // Filters are made by TableClient.CreateQueryFilter.
    [GeneratedRegex("^PartitionKey (eq|ge) '(?<key>[^']*)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex FirstPartition();
}
