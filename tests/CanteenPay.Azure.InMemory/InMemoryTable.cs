using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.InMemory;

/// <summary>The rows of one table, in order of their keys. A call is atomic.</summary>
internal sealed class InMemoryTable
{
    private readonly Lock gate = new();
    private readonly SortedList<(string Partition, string Row), TableEntity> rows = new(new KeyOrder());
    private long version;

    internal TableEntity? Find(string partitionKey, string rowKey)
    {
        lock (gate)
        {
            return rows.GetValueOrDefault((partitionKey, rowKey));
        }
    }

    /// <summary>All or nothing.</summary>
    internal IReadOnlyList<ETag> Apply(IReadOnlyList<TableTransactionAction> actions, DateTimeOffset now, Func<int, int, string, Exception> refuse)
    {
        lock (gate)
        {
            for (var index = 0; index < actions.Count; index++)
            {
                if (Refusal(actions[index]) is var (status, code))
                {
                    throw refuse(index, status, code);
                }
            }

            return [.. actions.Select(action => Write(action, now))];
        }
    }

    /// <summary>The next rows of a range after a position, whether they match otherwise or not.</summary>
    internal IReadOnlyList<TableEntity> Scan(KeyRange range, (string Partition, string Row)? after, int count)
    {
        lock (gate)
        {
            var start = after is { } position ? First(position, orEqual: false) : First(range.From, orEqual: true);
            return [.. rows.Values.Skip(start).Take(count).TakeWhile(row => range.Includes(row))];
        }
    }

    private int First((string Partition, string Row) position, bool orEqual)
    {
        var low = 0;
        var high = rows.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = rows.Comparer.Compare(rows.Keys[middle], position) < (orEqual ? 0 : 1) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private (int Status, string Code)? Refusal(TableTransactionAction action)
    {
        var stored = rows.GetValueOrDefault((action.Entity.PartitionKey, action.Entity.RowKey));
        return action.ActionType switch
        {
            TableTransactionActionType.Add => stored is null ? null : (409, TableErrorCode.EntityAlreadyExists),
            TableTransactionActionType.UpsertMerge or TableTransactionActionType.UpsertReplace => null,
            _ when stored is null => (404, TableErrorCode.ResourceNotFound),
            _ => action.ETag == ETag.All || action.ETag == stored.ETag ? null : (412, TableErrorCode.UpdateConditionNotSatisfied),
        };
    }

    private ETag Write(TableTransactionAction action, DateTimeOffset now)
    {
        var key = (action.Entity.PartitionKey, action.Entity.RowKey);
        if (action.ActionType == TableTransactionActionType.Delete)
        {
            rows.Remove(key);
            return default;
        }

        ETag etag = new(string.Create(CultureInfo.InvariantCulture, $"W/\"{++version}\""));
        var row = action.Entity.Stored(etag, now);
        if (action.ActionType is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge && rows.TryGetValue(key, out var stored))
        {
            row = stored.Stored(etag, now);
            foreach (var (name, value) in action.Entity)
            {
                row[name] = value;
            }
        }

        rows[key] = row;
        return etag;
    }

    private sealed class KeyOrder : IComparer<(string Partition, string Row)>
    {
        public int Compare((string Partition, string Row) x, (string Partition, string Row) y) =>
            string.CompareOrdinal(x.Partition, y.Partition) is var first && first != 0 ? first : string.CompareOrdinal(x.Row, y.Row);
    }
}
