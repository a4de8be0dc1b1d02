using System.Net;
using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.TableAdmin;

/// <summary>What may be written into a table.</summary>
internal enum SinkMode
{
    /// <summary>Nothing: only counted.</summary>
    Look,

    /// <summary>Rows that are not there. What is there stays as it is.</summary>
    AddMissing,

    /// <summary>Also rows that are there with another content: they become those that are given.</summary>
    Replace,
}

/// <summary>Puts rows into a table with their keys and types, a partition's rows at a time. The same again changes nothing; it may be ended at any instant and begun again.</summary>
/// <param name="table">The table.</param>
/// <param name="mode">What may be written.</param>
/// <param name="different">Told of each row that is there with another content: first the stored one, then the given one.</param>
internal sealed class RowSink(TableClient table, SinkMode mode, Action<TableEntity, TableEntity> different)
{
    /// <summary>The service's limits of a transaction are 100 rows and 4 MiB, in which each row has some lines of its own around it.</summary>
    private const int RowsAtOnce = 40, BytesAtOnce = 3 * 1024 * 1024;

    /// <summary>Point reads at once.</summary>
    private const int ReadsAtOnce = 8;

    /// <summary>Puts rows, which come in the order of their partitions.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="progress">Told what became of some, again and again.</param>
    /// <param name="cancellationToken">Gives up between two transactions.</param>
    /// <exception cref="RequestFailedException">Storage refused, or somebody else writes the same rows.</exception>
    public async Task<RowCounts> PutAsync(IAsyncEnumerable<TableEntity> rows, Action<RowCounts> progress, CancellationToken cancellationToken)
    {
        var (all, some, bytes) = (default(RowCounts), new List<TableEntity>(RowsAtOnce), 0);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var size = RowText.Write(row).Length;
            if (some.Count == RowsAtOnce || (some.Count > 0 && (bytes + size > BytesAtOnce || some[0].PartitionKey != row.PartitionKey)))
            {
                all += Told(await PutAsync(some, cancellationToken), progress);
                some.Clear();
                bytes = 0;
            }

            some.Add(row);
            bytes += size;
        }

        return some.Count == 0 ? all : all + Told(await PutAsync(some, cancellationToken), progress);
    }

    private async Task<RowCounts> PutAsync(List<TableEntity> rows, CancellationToken cancellationToken)
    {
        if (mode != SinkMode.Look && await TryAddAsync(rows, cancellationToken))
            return new(rows.Count, 0, 0);
        var counts = default(RowCounts);
        var writes = new List<TableTransactionAction>(rows.Count);
        foreach (var (row, there) in rows.Zip(await ReadAsync(rows, cancellationToken)))
        {
            if (there is null)
            {
                counts += new RowCounts(1, 0, 0);
                writes.Add(new(TableTransactionActionType.Add, row));
            }
            else if (RowText.AreEqual(there, row))
            {
                counts += new RowCounts(0, 1, 0);
            }
            else
            {
                counts += new RowCounts(0, 0, 1);
                different(there, row);
                if (mode == SinkMode.Replace)
                    writes.Add(new(TableTransactionActionType.UpdateReplace, row, there.ETag));
            }
        }

        if (mode != SinkMode.Look && writes.Count > 0)
            await table.SubmitTransactionAsync(writes, cancellationToken);
        return counts;
    }

    /// <summary>The usual case of an empty table, in one step.</summary>
    private async Task<bool> TryAddAsync(List<TableEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private async Task<TableEntity?[]> ReadAsync(List<TableEntity> rows, CancellationToken cancellationToken)
    {
        var there = new TableEntity?[rows.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, rows.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (index, stop) => there[index] = await table.GetEntityIfExistsAsync<TableEntity>(rows[index].PartitionKey, rows[index].RowKey, stop));
        return there;
    }

    private static RowCounts Told(RowCounts counts, Action<RowCounts> progress)
    {
        progress(counts);
        return counts;
    }
}
