namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>Makes sheets of things: each column says once what it is called, what it holds and how it comes from a thing.</summary>
internal static class SheetOf
{
    /// <summary>A sheet with a row for each thing.</summary>
    public static Sheet Make<T>(string title, IReadOnlyList<ColumnOf<T>> columns, IAsyncEnumerable<T> things) => new(
        title, [.. columns.Select(each => each.Column)], things.Select(IReadOnlyList<Cell> (thing) => [.. columns.Select(each => each.Value(thing))]));
}

/// <summary>A column of things.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">What a thing has in it.</param>
internal sealed record ColumnOf<T>(Column Column, Func<T, Cell> Value)
{
    /// <summary>A column without a total.</summary>
    public static ColumnOf<T> Of(string name, string englishName, ColumnKind kind, Func<T, Cell> value) => new(new(name, englishName, kind), value);

    /// <summary>A column with a total.</summary>
    public static ColumnOf<T> Sum(string name, string englishName, ColumnKind kind, Func<T, Cell> value) =>
        new(new(name, englishName, kind) { IsSummed = true }, value);
}
