namespace CanteenPay.Functions.Copies;

/// <summary>A message of the queue <c>table-copies</c>: copy the next part of a slice of a table. It says all that it needs, so that one that comes again does the same.</summary>
/// <param name="Label">The copy.</param>
/// <param name="Account">The account that is copied, by its name in the settings.</param>
/// <param name="Table">The table.</param>
/// <param name="Slice">Counted from 0.</param>
/// <param name="Slices">Into how many the table is cut.</param>
/// <param name="Began">When the copy was begun.</param>
internal sealed record CopyMessage(string Label, string Account, string Table, int Slice, int Slices, DateTimeOffset Began)
{
    /// <summary>Which part of the slice, counted from 0.</summary>
    public int Part { get; init; }

    /// <summary>The last row of the part before; null for the first part.</summary>
    public CopyPosition? After { get; init; }

    /// <summary>How many rows the parts before have.</summary>
    public long Rows { get; init; }

    /// <summary>How often it was tried before.</summary>
    public int Try { get; init; }

    /// <summary>Where the slice lies.</summary>
    public CopyPlace Place => new(Label, Account, Table, Slice);

    /// <summary>The message of the part after one.</summary>
    public CopyMessage Next(CopyPart part) => this with { Part = Part + 1, After = part.Next, Rows = Rows + part.Rows, Try = 0 };
}

/// <summary>A row, by its keys.</summary>
internal sealed record CopyPosition(string Partition, string Row);
