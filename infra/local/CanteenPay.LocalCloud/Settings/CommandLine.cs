using System.Globalization;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>Reads the command line.</summary>
internal static class CommandLine
{
    internal const string Usage = """
        LocalCloud plays on one machine what the product uses of Azure.

          --app DIR                 folder of the function app (host.json, {Function}/function.json, the executable); required
          --state DIR               folder of what outlives a run (default .canteen)
          --config FILE             the cloud as declared (default infra/local/cloud.json)
          --root DIR                what relative program folders are relative to (default: the working directory)
          --program-dir NAME=DIR    where a program's executable is, instead of the config's folder
          --port NAME=N             port of a part (status, functions, serviceBus, eventGrid, tables, login, blobs, azurite, mqtt) or of a program
          --ephemeral               free ports for everything that --port does not name
          --app-setting NAME=VALUE  replaces or adds an app setting
          --time-scale X            multiplies time-outs and schedules of functions and queues (default 1)
          --per-function-group      one handler process for each function, as on Flex Consumption
          --parent-pid N            end when this process is gone
        """;

    /// <exception cref="LocalCloudException">The message names the argument.</exception>
    internal static CloudOptions Parse(IReadOnlyList<string> args, string workingFolder)
    {
        var arguments = new Arguments(args);
        var options = new CloudOptions
        {
            AppFolder = Path.GetFullPath(arguments.Single("--app") ?? throw Refused("--app is missing: the folder of the function app"), workingFolder),
            StateFolder = Path.GetFullPath(arguments.Single("--state") ?? ".canteen", workingFolder),
            ConfigFile = Path.GetFullPath(arguments.Single("--config") ?? "infra/local/cloud.json", workingFolder),
            RootFolder = Path.GetFullPath(arguments.Single("--root") ?? ".", workingFolder),
            Ephemeral = arguments.Flag("--ephemeral"),
            PerFunctionGroup = arguments.Flag("--per-function-group"),
            ParentProcessId = arguments.Single("--parent-pid") is { } pid ? Integer("--parent-pid", pid, 1, int.MaxValue) : null,
            TimeScale = arguments.Single("--time-scale") is { } scale ? Scale(scale) : 1,
            Ports = arguments.Pairs("--port").ToDictionary(p => p.Key, p => Integer($"--port {p.Key}", p.Value, 1, 65535)),
            ProgramFolders = arguments.Pairs("--program-dir").ToDictionary(p => p.Key, p => Path.GetFullPath(p.Value, workingFolder)),
            AppSettings = arguments.Pairs("--app-setting").ToDictionary(),
        };
        arguments.RefuseRest();
        return options;
    }

    private static int Integer(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Refused($"{name}: \"{text}\" is not a number from {least} to {most}");

    private static double Scale(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 100
            ? value
            : throw Refused($"--time-scale: \"{text}\" is not a number above 0 and up to 100");

    private static LocalCloudException Refused(string message) => new($"{message}{Environment.NewLine}{Environment.NewLine}{Usage}");

    private sealed class Arguments(IReadOnlyList<string> args)
    {
        private readonly bool[] _used = new bool[args.Count];

        internal bool Flag(string name) => Positions(name).Count > 0;

        internal string? Single(string name)
        {
            var values = Values(name);
            return values.Count <= 1 ? values.FirstOrDefault() : throw Refused($"{name} is given {values.Count} times");
        }

        internal List<KeyValuePair<string, string>> Pairs(string name)
        {
            var pairs = Values(name)
                .Select(value => value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                    ? KeyValuePair.Create(value[..at], value[(at + 1)..])
                    : throw Refused($"{name}: \"{value}\" is not NAME=VALUE"))
                .ToList();
            return pairs.GroupBy(p => p.Key).FirstOrDefault(g => g.Count() > 1) is { } twice ? throw Refused($"{name} {twice.Key} is given twice") : pairs;
        }

        internal void RefuseRest()
        {
            if (Array.IndexOf(_used, false) is >= 0 and var at)
            {
                throw Refused($"\"{args[at]}\" is not an argument of LocalCloud");
            }
        }

        private List<string> Values(string name) =>
            [.. Positions(name).Select(at =>
            {
                if (at + 1 >= args.Count)
                {
                    throw Refused($"{name} needs a value");
                }

                _used[at + 1] = true;
                return args[at + 1];
            })];

        private List<int> Positions(string name)
        {
            List<int> positions = [.. Enumerable.Range(0, args.Count).Where(i => !_used[i] && string.Equals(args[i], name, StringComparison.Ordinal))];
            positions.ForEach(i => _used[i] = true);
            return positions;
        }
    }
}
