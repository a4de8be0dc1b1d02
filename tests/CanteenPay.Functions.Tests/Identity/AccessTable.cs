using CanteenPay.Functions.Identity;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>The table "who may call what" as people read it in the README of Identity.</summary>
internal static class AccessTable
{
    public const string All = "all";
    public const string Own = "own";
    public const string Nobody = "—";

    private static readonly string[] Header = ["method", "path", .. Enum.GetNames<Role>()];

    /// <summary>Its lines, by method and path.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<Role, string>> Read()
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "functions", "CanteenPay.Functions", "Identity", "README.md"))
            .Where(line => line.StartsWith('|')).Select(Cells).ToList();
        var first = lines.FindIndex(cells => cells.SequenceEqual(Header));
        first.ShouldBeGreaterThanOrEqualTo(0, "The README has no table with these columns.");
        return lines.Skip(first + 2).TakeWhile(cells => cells.Length == Header.Length).ToDictionary(
            cells => $"{cells[0]} {cells[1].Trim('`')}",
            IReadOnlyDictionary<Role, string> (cells) => cells.Skip(2).Index().ToDictionary(cell => Enum.Parse<Role>(Header[cell.Index + 2]), cell => cell.Item));
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CanteenPay.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("CanteenPay.sln is in no folder above the tests.");
        return folder;
    }
}
