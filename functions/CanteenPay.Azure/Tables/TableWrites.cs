using System.Runtime.ExceptionServices;
using System.Text.Json;
using Azure;
using Azure.Core;

namespace CanteenPay.Azure.Tables;

/// <summary>
/// Sends writes and settles the ambiguous ones. A write may have been done although its answer was lost; then the retry sees its own row and is refused.
/// </summary>
/// <remarks>
/// <para>Ambiguous are: 404, 409 or 412 after at least one retry; a final 408 or 5xx; and a failure below HTTP. Then every row of the write is read and compared:</para>
/// <list type="bullet">
/// <item>insert, replace: the stored row has exactly the properties that were written, equal in type and value;</item>
/// <item>merge: the stored row has every property that was written, equal in type and value; others do not count;</item>
/// <item>delete: there is no such row.</item>
/// </list>
/// <para>If that holds for every row, the write counts as done, with the ETags that were read. Otherwise, or when reading fails too, the first error stands.
/// Another writer that wrote the very same content cannot be told from us: a caller to whom that matters writes a mark of its own into the row.</para>
/// </remarks>
internal sealed class TableWrites(TablePipeline pipeline, string table)
{
    // Reads after an ambiguous transaction, at once.
    private const int ParallelReads = 8;

    internal async Task<ETag> SingleAsync(TableTransactionAction action, CancellationToken cancellationToken)
    {
        using var message = pipeline.Single(table, action);
        try
        {
            var response = await pipeline.SendAsync(message, cancellationToken);
            return response.IsError ? throw new RequestFailedException(response) : response.Headers.ETag ?? default;
        }
        catch (RequestFailedException e) when (IsAmbiguous(e, message))
        {
            var etags = await ResolveAsync([action], e, cancellationToken);
            return etags[0];
        }
    }

    internal async Task<IReadOnlyList<ETag>> TransactionAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        using var message = pipeline.Transaction(table, actions);
        try
        {
            return ReadAnswer(await pipeline.SendAsync(message, cancellationToken), actions);
        }
        catch (RequestFailedException e) when (IsAmbiguous(e, message))
        {
            return await ResolveAsync(actions, e, cancellationToken);
        }
    }

    /// <summary>The row, or null. A missing table is an error.</summary>
    internal async Task<TableEntity?> FindAsync(string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        using var message = pipeline.Get(table, partitionKey, rowKey);
        var response = await pipeline.SendAsync(message, cancellationToken);
        if (!response.IsError)
        {
            return EntityJson.Read(response.Content.ToMemory(), response.Headers.ETag);
        }

        var error = new RequestFailedException(response);
        return error is { Status: 404, ErrorCode: TableErrorCode.ResourceNotFound } ? null : throw error;
    }

    private static IReadOnlyList<ETag> ReadAnswer(Response response, IReadOnlyList<TableTransactionAction> actions)
    {
        if (response.IsError)
        {
            throw new RequestFailedException(response);
        }

        var answer = TransactionAnswer.Read(response.Content.ToMemory());
        if (answer.Failure is { } failure)
        {
            throw failure.ToException();
        }

        if (answer.Parts.Count != actions.Count)
        {
            // Status 0: whether it was written is unknown, and reading will tell.
            throw new TableTransactionFailedException(0, $"The transaction of {actions.Count} actions was answered with {answer.Parts.Count} parts.", null, null);
        }

        return [.. answer.Parts.Select(part => part.ETag)];
    }

    private static bool IsAmbiguous(RequestFailedException error, HttpMessage message) =>
        error.Status is 0 or 408 or >= 500 || (error.Status is 404 or 409 or 412 && message.ProcessingContext.RetryNumber > 0);

    private async Task<IReadOnlyList<ETag>> ResolveAsync(
        IReadOnlyList<TableTransactionAction> actions, RequestFailedException error, CancellationToken cancellationToken)
    {
        var etags = new ETag[actions.Count];
        var allDone = true;
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, actions.Count),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
                async (index, stop) =>
                {
                    var stored = await FindAsync(actions[index].Entity.PartitionKey, actions[index].Entity.RowKey, stop);
                    etags[index] = stored?.ETag ?? default;
                    if (!IsDone(actions[index], stored))
                    {
                        Volatile.Write(ref allDone, false);
                    }
                });
        }
        catch (Exception e) when (e is RequestFailedException or JsonException)
        {
            allDone = false;
        }

        if (!allDone)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return etags;
    }

    private static bool IsDone(TableTransactionAction action, TableEntity? stored)
    {
        if (action.ActionType == TableTransactionActionType.Delete)
        {
            return stored is null;
        }

        var merge = action.ActionType is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge;
        return stored is not null
            && (merge || stored.Count == action.Entity.Count)
            && action.Entity.All(written => stored.TryGetValue(written.Key, out var value) && EdmValue.AreEqual(written.Value, value));
    }
}
