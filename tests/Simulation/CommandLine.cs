using System.Diagnostics;
using System.Globalization;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Stories;

namespace CanteenPay.Simulation;

/// <summary>The simulator's command line.</summary>
internal static class CommandLine
{
    private const string Usage = """
        --story NAME     payments, cards or putback (all, one after the other)
        --cases N        so many cases, one seed each (1000)
        --from S         the first seed (1); --seed S is the same
        --trace          prints the story of each case
        --sabotage NAME  breaks the product on purpose: the simulator must find it
        --cores N        threads (all cores)
        """;

    /// <summary>Runs what the arguments ask for; 0 when no case failed, 1 when one did, 2 when the arguments are wrong.</summary>
    public static int Run(string[] args)
    {
        var (from, cases, cores, traced, sabotage) = (1, 1000, Environment.ProcessorCount, false, Sabotage.None);
        IReadOnlyList<Story> stories = Enum.GetValues<Story>();
        for (var at = 0; at < args.Length; at++)
        {
            switch (args[at])
            {
                case "--seed" or "--from" when Number(args, ref at) is { } number:
                    from = number;
                    break;
                case "--cases" when Number(args, ref at) is { } number:
                    cases = number;
                    break;
                case "--cores" when Number(args, ref at) is { } number and > 0:
                    cores = number;
                    break;
                case "--sabotage" when at + 1 < args.Length && Enum.TryParse(args[++at], out sabotage):
                    break;
                case "--story" when at + 1 < args.Length && Enum.TryParse<Story>(args[++at], ignoreCase: true, out var story):
                    stories = [story];
                    break;
                case "--trace":
                    traced = true;
                    break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        return stories.Max(story => traced ? Tell(story, from, cases, sabotage) : RunMany(story, from, cases, sabotage, cores));
    }

    /// <summary>What failed, and how to see its story.</summary>
    public static string Describe(Outcome failure) =>
        $"{Sentence(failure)}\n  its story: dotnet run --project tests/Simulation -- --story {failure.Kind} --seed {failure.Seed} --cases 1 --trace";

    private static int Tell(Story story, int from, int cases, Sabotage sabotage)
    {
        var failures = 0;
        for (var seed = from; seed < from + cases; seed++)
        {
            var outcome = Teller.Tell(story, seed, traced: true, sabotage);
            foreach (var line in outcome.Story)
                Console.WriteLine(line);
            Console.WriteLine(Sentence(outcome));
            failures += outcome.Violation is null ? 0 : 1;
        }

        return failures == 0 ? 0 : 1;
    }

    private static int RunMany(Story story, int from, int cases, Sabotage sabotage, int cores)
    {
        var clock = Stopwatch.StartNew();
        var saidAt = TimeSpan.Zero;
        var campaign = new Campaign(story, from, cases, sabotage, cores)
        {
            Progress = (done, failed) =>
            {
                if (clock.Elapsed - saidAt < TimeSpan.FromSeconds(5))
                    return;
                saidAt = clock.Elapsed;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {cases} cases, {failed} failed, {done / clock.Elapsed.TotalSeconds:F0} a second"));
            },
        };
        var failures = campaign.Run();
        foreach (var failure in failures)
        {
            Console.WriteLine(Describe(failure) + (sabotage == Sabotage.None ? "" : $" --sabotage {sabotage}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{story} from seed {from}, in {clock.Elapsed.TotalSeconds:F0} s, {campaign.Tally}; {failures.Count} cases failed"));
        return failures.Count == 0 ? 0 : 1;
    }

    private static string Sentence(Outcome outcome) => outcome.Violation is { } violation
        ? $"{outcome.Kind} seed {outcome.Seed} failed: {violation.Rule}: {violation.What}"
        : $"{outcome.Kind} seed {outcome.Seed}: all is well, {outcome.Tally}";

    private static int? Number(string[] args, ref int at) =>
        at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && ++at > 0 ? number : null;
}
