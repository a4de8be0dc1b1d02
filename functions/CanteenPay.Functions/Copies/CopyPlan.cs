using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Copies;

/// <summary>What a copy is to hold, as it was when it was begun: whoever asks later whether it is whole must not go by the tables of a newer version.</summary>
/// <param name="Label">The copy.</param>
/// <param name="Began">When.</param>
/// <param name="Tables">The tables of all accounts.</param>
internal sealed record CopyPlan(string Label, DateTimeOffset Began, IReadOnlyList<PlannedTable> Tables)
{
    /// <summary>All tables of all accounts.</summary>
    public static CopyPlan Of(string label, DateTimeOffset now, TableAccounts accounts) => new(
        label,
        now,
        [.. accounts.Names.SelectMany(account => CopiedTables.Of(account == TableAccounts.Main).Select(table => new PlannedTable(account, table.Table, table.Slices)))]);

    /// <summary>Every slice.</summary>
    public IEnumerable<CopyPlace> Slices() => Tables.SelectMany(table => table.Places(Label));

    /// <summary>The messages with which it begins.</summary>
    public IEnumerable<CopyMessage> Messages() =>
        Tables.SelectMany(table => table.Places(Label).Select(place => new CopyMessage(Label, table.Account, table.Table, place.Slice, table.Slices, Began)));
}

/// <summary>A table that a copy is to hold.</summary>
/// <param name="Account">Its account, by the name in the settings.</param>
/// <param name="Table">The table.</param>
/// <param name="Slices">Into how many slices it is cut.</param>
internal sealed record PlannedTable(string Account, string Table, int Slices)
{
    /// <summary>Its slices.</summary>
    public IEnumerable<CopyPlace> Places(string label) => Enumerable.Range(0, Slices).Select(slice => new CopyPlace(label, Account, Table, slice));
}

/// <summary>That a slice is whole.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Parts">Its parts.</param>
/// <param name="Began">When the copy was begun.</param>
/// <param name="Ended">When the slice was whole.</param>
internal sealed record CopyDone(long Rows, int Parts, DateTimeOffset Began, DateTimeOffset Ended);
