using System.Globalization;
using CanteenPay.Azure.Tables;
using Spectre.Console;

namespace CanteenPay.TableAdmin.Restoring;

/// <summary>Is told what a restore finds.</summary>
internal interface IRestoreReport
{
    /// <summary>How far it is.</summary>
    void Progress(RowCounts found);

    /// <summary>A row that the table has with another content.</summary>
    void Differs(TableEntity stored, TableEntity copied);
}

/// <summary>Says it on a terminal, or in plain lines: keys and names of columns, never values, because rows hold people.</summary>
/// <param name="console">Where it is said.</param>
/// <param name="total">About how many rows there are.</param>
/// <param name="moving">The line that moves on a terminal; null elsewhere.</param>
internal sealed class RestoreReport(IAnsiConsole console, long total, Action<string>? moving = null) : IRestoreReport
{
    /// <summary>So many differing rows are named; the others are counted.</summary>
    public const int MostNamed = 20;

    /// <summary>A line that moves may do so often; lines that stay would fill a file.</summary>
    private const int RowsMoving = 500, RowsBetweenLines = 50_000;

    private int _named;

    /// <inheritdoc/>
    public void Progress(RowCounts found)
    {
        if (found.Rows % (moving is null ? RowsBetweenLines : RowsMoving) != 0)
            return;
        FormattableString text = $"已看 Looked at {found.Rows:N0} / {total:N0}: 缺 missing {found.Missing:N0}, 同 equal {found.Equal:N0}, 异 different {found.Different:N0}";
        if (moving is null)
            Said(text);
        else
            moving(Words(text));
    }

    /// <inheritdoc/>
    public void Differs(TableEntity stored, TableEntity copied)
    {
        if (_named++ < MostNamed)
            Said($"不同 Differs: {stored.PartitionKey} / {stored.RowKey}: {string.Join(", ", Columns(stored, copied))}");
        else if (_named == MostNamed + 1)
            Said("…… 其余只计数 The others are only counted.");
    }

    /// <summary>What came of it.</summary>
    public void End(RestoreResult result, SinkMode mode)
    {
        var found = result.Found;
        Said($"副本 In the copy {found.Rows:N0} 行 rows: 缺 missing {found.Missing:N0}, 同 equal {found.Equal:N0}, 异 different {found.Different:N0}");
        Said($"只在表中（保留）Only in the table, they stay: {result.OnlyInTable:N0}");
        Said(mode switch
        {
            SinkMode.Look => "未写入 Nothing was written. --write 补上缺的 adds what is missing; --replace 另将不同的改回 also sets back what differs.",
            SinkMode.AddMissing => $"已补上 Added: {result.Written:N0}",
            _ => $"已补上或改回 Added or set back: {result.Written:N0}",
        });
    }

    private static IEnumerable<string> Columns(TableEntity stored, TableEntity copied) =>
        stored.Keys.Union(copied.Keys, StringComparer.Ordinal).Where(name => !stored.TryGetValue(name, out var one) || !copied.TryGetValue(name, out var other) || !IsSame(one, other)).Order(StringComparer.Ordinal);

    private static bool IsSame(object one, object other) => one is BinaryData bytes && other is BinaryData others
        ? bytes.ToMemory().Span.SequenceEqual(others.ToMemory().Span)
        : one.Equals(other);

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Said(FormattableString text) => Said(Words(text));

    private void Said(string text) => console.WriteLine(text);
}
