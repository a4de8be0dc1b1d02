using System.Runtime.CompilerServices;
using CanteenPay.Azure.Tables;

namespace CanteenPay.TableAdmin.Moving;

/// <summary>A row that two tables do not hold alike.</summary>
/// <param name="Source">As the first table holds it; null where it does not.</param>
/// <param name="Target">As the second table holds it; null where it does not.</param>
internal sealed record RowPair(TableEntity? Source, TableEntity? Target)
{
    /// <summary>The row of either.</summary>
    public TableEntity Either => Source ?? Target!;
}

/// <summary>Two tables beside each other, each read once and in the order of its keys, a page at a time.</summary>
internal static class TableDifference
{
    /// <summary>The rows that are not alike, in the order of their keys.</summary>
    /// <param name="source">The first table.</param>
    /// <param name="target">The second table.</param>
    /// <param name="range">Which rows are compared.</param>
    /// <param name="leaveOut">Rows that may differ.</param>
    /// <param name="seen">Told of each row of the first table.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="global::Azure.RequestFailedException">Storage refused, or was not reached.</exception>
    public static async IAsyncEnumerable<RowPair> OfAsync(
        TableClient source, TableClient target, RowRange range, Func<TableEntity, bool> leaveOut, Action seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var left = Rows(source, range, leaveOut, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var right = Rows(target, range, leaveOut, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : Order(left.Current, right.Current);
            if (order <= 0)
                seen();
            if (order != 0 || !RowText.AreEqual(left.Current, right.Current))
                yield return new(order <= 0 ? left.Current : null, order >= 0 ? right.Current : null);
            if (order <= 0)
                hasLeft = await left.MoveNextAsync();
            if (order >= 0)
                hasRight = await right.MoveNextAsync();
        }
    }

    private static IAsyncEnumerable<TableEntity> Rows(TableClient table, RowRange range, Func<TableEntity, bool> leaveOut, CancellationToken cancellationToken) =>
        table.QueryAsync<TableEntity>(range.Filter, cancellationToken: cancellationToken).Where(row => !leaveOut(row));

    private static int Order(TableEntity left, TableEntity right) => string.CompareOrdinal(left.PartitionKey, right.PartitionKey) is not 0 and var partitions
        ? partitions
        : string.CompareOrdinal(left.RowKey, right.RowKey);
}
