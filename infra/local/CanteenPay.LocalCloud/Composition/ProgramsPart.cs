using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>The programs beside the cloud.</summary>
internal static class ProgramsPart
{
    /// <exception cref="LocalCloudException">A setting has an unknown placeholder.</exception>
    internal static ProgramSpec Spec(ProgramEntry entry, CloudOptions options, Placeholders placeholders, CloudAddresses addresses, int port)
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
