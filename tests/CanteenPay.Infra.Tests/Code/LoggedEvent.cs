using System.Globalization;
using System.Text.RegularExpressions;

namespace CanteenPay.Infra.Tests.Code;

/// <summary>A line that the log can hold, as the source says it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Level">Its level; – where the caller says it.</param>
/// <param name="Text">What it says, with its fields in braces.</param>
/// <param name="IsOfMachine">Whether the agent logs it, and not the function app.</param>
internal sealed partial record LoggedEvent(int Id, string Level, string Text, bool IsOfMachine)
{
    private static readonly string[] Folders = ["functions", "device-agent"];

    private static readonly Lazy<IReadOnlyList<LoggedEvent>> Found = new(() => [.. Folders.SelectMany(folder => Sources(folder).SelectMany(source => Read(source, folder == "device-agent")))]);

    /// <summary>All of the product.</summary>
    internal static IReadOnlyList<LoggedEvent> All => Found.Value;

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Checkout.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any());

    private static List<LoggedEvent> Read(string file, bool isOfMachine)
    {
        var source = File.ReadAllText(file);
        var events = Declaration().Matches(source)
            .Select(match => new LoggedEvent(
                int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture),
                match.Groups["level"] is { Success: true, Value: var level } ? level : "–",
                Regex.Unescape(match.Groups["text"].Value),
                isOfMachine))
            .ToList();
        return events.Count == source.Split("[LoggerMessage(").Length - 1
            ? events
            : throw new InvalidOperationException($"{file} declares an event in a way that is not read here.");
    }

    [GeneratedRegex(
        """\[LoggerMessage\((EventId = )?(?<id>\d+), (LogLevel\.(?<level>\w+), )?(Message = )?"(?<text>(\\.|[^"\\])*)"\)\]""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();
}
