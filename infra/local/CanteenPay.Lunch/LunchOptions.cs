using System.Globalization;

namespace CanteenPay.Lunch;

/// <summary>What the command line says.</summary>
internal sealed record LunchOptions
{
    internal const string Usage = """
        Lunch: the local stack with several machines, and simulated diners at them.

          --minutes M        how long the doors are open, 0.1 to 240; fractions are allowed; required
          --machines N       machines, 1 to 16 (default 4)
          --rate R           diners a minute and machine at the height, 0.1 to 12 (default 8)
          --seed N           draws the same diners and the same faults again (default: a new one, which is printed)
          --chaos            faults of bank, broker, queues and storage, and processes killed
          --everyone-pays    nobody gives up, is late or wants a refund: the end comes at once
          --report FILE      writes the summary there too, as Markdown
          --keep             keeps the state folder with all logs; it is kept anyway when something differs
        """;

    private static readonly string[] WithValue = ["--minutes", "--machines", "--rate", "--seed", "--report"];
    private static readonly string[] Flags = ["--chaos", "--everyone-pays", "--keep"];

    public required TimeSpan Length { get; init; }

    public int Machines { get; init; } = 4;

    /// <summary>Diners a minute and machine at the height.</summary>
    public double Rate { get; init; } = 8;

    public required int Seed { get; init; }

    public bool Chaos { get; init; }

    public bool EveryonePays { get; init; }

    public string? Report { get; init; }

    public bool Keep { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="newSeed">The seed when none is given.</param>
    /// <exception cref="LunchException">The message names the argument.</exception>
    public static LunchOptions Parse(IReadOnlyList<string> args, int newSeed)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            var value = Flags.Contains(name) ? "" : !WithValue.Contains(name) ? throw Refused($"\"{name}\" is not an argument of the lunch")
                : i + 1 < args.Count ? args[++i] : throw Refused($"{name} needs a value");
            if (!values.TryAdd(name, value))
                throw Refused($"{name} is given twice");
        }

        return new()
        {
            Length = TimeSpan.FromMinutes(Number(values, "--minutes", 0.1, 240) ?? throw Refused("--minutes is missing: how long the doors are open")),
            Machines = (int)(Number(values, "--machines", 1, 16, whole: true) ?? 4),
            Rate = Number(values, "--rate", 0.1, 12) ?? 8,
            Seed = (int)(Number(values, "--seed", 0, int.MaxValue, whole: true) ?? newSeed),
            Chaos = values.ContainsKey("--chaos"),
            EveryonePays = values.ContainsKey("--everyone-pays"),
            Report = values.GetValueOrDefault("--report"),
            Keep = values.ContainsKey("--keep"),
        };
    }

    private static double? Number(Dictionary<string, string> values, string name, double least, double most, bool whole = false)
    {
        if (!values.TryGetValue(name, out var text))
            return null;
        var style = whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Refused(string.Create(CultureInfo.InvariantCulture, $"{name}: \"{text}\" is not a {(whole ? "whole number" : "number")} from {least} to {most}"));
    }

    private static LunchException Refused(string message) => new($"{message}{Environment.NewLine}{Environment.NewLine}{Usage}");
}
