using System.Runtime.CompilerServices;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Homes;

namespace CanteenPay.TableAdmin.Restoring;

/// <summary>How the rows of a copy and those of a table stand to each other.</summary>
/// <param name="Found">Rows of the copy, as the table was found.</param>
/// <param name="OnlyInTable">Rows that the table has and the copy has not: they stay.</param>
/// <param name="Written">Rows that were added or set back.</param>
internal readonly record struct RestoreResult(RowCounts Found, long OnlyInTable, long Written);

/// <summary>Puts the rows of a copy into a table: both are read side by side, once, in the order of their keys. Nothing is ever deleted. It may be ended at any instant and begun again.</summary>
/// <param name="copy">The rows of the copy.</param>
/// <param name="table">The table.</param>
/// <param name="range">Which rows.</param>
/// <param name="mode">What may be written.</param>
/// <param name="report">Is told how far it is, and of rows that differ.</param>
internal sealed class Restore(CopyRows copy, TableClient table, RowRange range, SinkMode mode, IRestoreReport report)
{
    private RowCounts _found;
    private long _onlyInTable;

    /// <summary>Does it.</summary>
    /// <exception cref="AdminException">The copy is damaged. Nothing was written.</exception>
    /// <exception cref="RequestFailedException">Storage refused, or somebody else writes the same rows.</exception>
    public async Task<RestoreResult> RunAsync(CancellationToken cancellationToken)
    {
        (_found, _onlyInTable) = (default, 0);
        if (mode == SinkMode.Look)
        {
            await foreach (var _ in DifferingAsync(cancellationToken))
            {
                // Counted on the way.
            }

            return new(_found, _onlyInTable, 0);
        }

        await copy.VerifyAsync(cancellationToken);
        await table.CreateIfNotExistsAsync(cancellationToken);
        var sink = new RowSink(table, mode, (_, _) => { });
        var put = await sink.PutAsync(DifferingAsync(cancellationToken), _ => { }, cancellationToken);
        return new(_found, _onlyInTable, put.Missing + (mode == SinkMode.Replace ? put.Different : 0));
    }

    /// <summary>The rows that have to be written, as far as they may be.</summary>
    private async IAsyncEnumerable<TableEntity> DifferingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var there = StoredAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var isThere = await there.MoveNextAsync();
        await foreach (var row in copy.ReadAsync(cancellationToken))
        {
            for (; isThere && Order(there.Current, row) < 0; isThere = await there.MoveNextAsync())
                _onlyInTable++;
            if (!isThere || Order(there.Current, row) > 0)
            {
                _found += new RowCounts(1, 0, 0);
                if (mode != SinkMode.Look)
                    yield return row;
            }
            else
            {
                var isEqual = RowText.AreEqual(there.Current, row);
                _found += isEqual ? new RowCounts(0, 1, 0) : new RowCounts(0, 0, 1);
                if (!isEqual)
                {
                    report.Differs(there.Current, row);
                    if (mode == SinkMode.Replace && !IsMark(row))
                        yield return row;
                }

                isThere = await there.MoveNextAsync();
            }

            report.Progress(_found);
        }

        for (; isThere; isThere = await there.MoveNextAsync())
            _onlyInTable++;
    }

    /// <summary>Where a merchant lives is said by the last move, and not by a copy that may be older.</summary>
    private bool IsMark(TableEntity row) => table.Name == HomeMark.Table && row.RowKey == HomeMark.Row;

    /// <summary>The table's rows; none where there is no table.</summary>
    private async IAsyncEnumerable<TableEntity> StoredAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = table.QueryAsync<TableEntity>(range.Filter, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
            yield return rows.Current;

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await rows.MoveNextAsync();
            }
            catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
            {
                return false;
            }
        }
    }

    private static int Order(TableEntity left, TableEntity right) =>
        string.CompareOrdinal(left.PartitionKey, right.PartitionKey) is var first && first != 0 ? first : string.CompareOrdinal(left.RowKey, right.RowKey);
}
