using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>The programs beside the cloud: those that the walk asks before it, the others after it, because they are told what it kept.</summary>
internal sealed class ProgramsPart(
    CloudConfig config, CloudOptions options, CloudAddresses addresses, PortBook ports, Endings endings, TimeProvider time, ILoggerFactory loggers)
{
    private volatile IReadOnlyList<SupervisedProgram> _started = [];

    /// <summary>Of those that were started so far.</summary>
    internal IEnumerable<PartStatus> Status => _started.Select(p => p.Status);

    /// <exception cref="LocalCloudException">A setting has an unknown placeholder, or a program does not serve.</exception>
    internal async Task StartAsync(bool beforeRequests, Placeholders placeholders, CancellationToken cancellationToken)
    {
        foreach (var entry in config.Programs.Where(p => p.BeforeRequests == beforeRequests))
        {
            var spec = Spec(entry, options, placeholders, addresses, ports[entry.Name]);
            var program = endings.Add("program", new SupervisedProgram(spec, options.StateFolder, time, loggers.CreateLogger("Processes")));
            _started = [.. _started, program];
            await program.StartAsync(cancellationToken);
        }
    }

    private static ProgramSpec Spec(ProgramEntry entry, CloudOptions options, Placeholders placeholders, CloudAddresses addresses, int port)
    {
        var folder = options.ProgramFolders.TryGetValue(entry.Name, out var given) ? given : Path.GetFullPath(entry.Folder, options.RootFolder);
        var where = $"program {entry.Name}";
        var readyUrl = entry.ReadyUrl is { } url ? placeholders.Fill(url, where) : null;
        var readyFile = entry.ReadyFile is { } file ? placeholders.Fill(file, where) : null;
        return new()
        {
            Name = entry.Name,
            FileName = Path.Combine(folder, entry.Executable),
            WorkingFolder = folder,
            Arguments = [.. (entry.Arguments ?? []).Select(a => placeholders.Fill(a, where))],
            Environment = (entry.Environment ?? new Dictionary<string, string>()).ToDictionary(e => e.Key, e => placeholders.Fill(e.Value, $"{where}, {e.Key}")),
            Address = addresses.Programs[entry.Name],
            Port = port,
            BeforeStart = () =>
            {
                if (readyFile is not null)
                {
                    File.Delete(readyFile);
                }
            },
            IsReady = cancellation => readyFile is not null
                ? Task.FromResult(File.Exists(readyFile))
                : readyUrl is not null ? Readiness.AnswersAsync(readyUrl, cancellation) : Task.FromResult(true),
        };
    }

    /// <exception cref="LocalCloudException">The command line names a program that the config does not have.</exception>
    internal static void RefuseUnknownFolders(CloudOptions options, CloudConfig config)
    {
        if (options.ProgramFolders.Keys.FirstOrDefault(name => config.Programs.All(p => p.Name != name)) is { } unknown)
        {
            throw new LocalCloudException($"--program-dir {unknown}: the config has no such program.");
        }
    }
}
