namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>A table to be written, whatever the format. Its rows are read once, one after the other, so that memory does not depend on how many there are.</summary>
/// <param name="Title">What it is called, at most 20 characters that a workbook allows in a sheet's name.</param>
/// <param name="Columns">Its columns, at most 100.</param>
/// <param name="Rows">Its rows; each has a cell for each column.</param>
internal sealed record Sheet(string Title, IReadOnlyList<Column> Columns, IAsyncEnumerable<IReadOnlyList<Cell>> Rows);

/// <summary>Counts rows and sums columns while they are written, so that what a file says can be compared with what it should say.</summary>
internal sealed class SheetSums(IReadOnlyList<Column> columns)
{
    private readonly long[] _sums = new long[columns.Count];

    /// <summary>How many rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The sum of a column, in the unit of its kind; 0 for one that is not summed.</summary>
    public long this[int column] => _sums[column];

    /// <summary>One row more.</summary>
    /// <exception cref="InvalidOperationException">It has other cells than the sheet has columns.</exception>
    /// <exception cref="OverflowException">A sum is beyond what a <see cref="long"/> holds.</exception>
    public void Add(IReadOnlyList<Cell> row)
    {
        if (row.Count != columns.Count)
            throw new InvalidOperationException($"Row {Rows + 1} has {row.Count} cells for {columns.Count} columns.");
        for (var column = 0; column < row.Count; column++)
        {
            if (row[column].IsEmpty)
                continue;
            if (row[column].Kind != columns[column].Kind)
                throw new InvalidOperationException($"Row {Rows + 1} has {row[column].Kind} in the column {columns[column].EnglishName}, which holds {columns[column].Kind}.");
            if (columns[column].IsSummed)
                _sums[column] = checked(_sums[column] + row[column].Number);
        }

        Rows++;
    }
}
