using CanteenPay.LocalCloud.Host.Apps;

namespace CanteenPay.LocalCloud.Host;

/// <summary>A function app as its files declare it.</summary>
internal sealed record FunctionApp(string Folder, HostSettings Host, IReadOnlyList<FunctionDefinition> Functions)
{
    private const int MaxFunctions = 200;

    /// <summary>The queues of all triggers, as written there.</summary>
    public IReadOnlyList<string> Queues => [.. Functions.Select(static f => f.Trigger).OfType<QueueTrigger>().Select(static t => t.Queue).Distinct()];

    /// <summary>Reads host.json and every {Function}/function.json. <paramref name="appSettings"/> is what <c>%NAME%</c> stands for.</summary>
    /// <exception cref="FunctionsHostException">A file is missing or says something this host does not play; the message names it.</exception>
    public static FunctionApp Read(string appFolder, IReadOnlyDictionary<string, string> appSettings)
    {
        var folder = Path.GetFullPath(appFolder);
        var settings = new SettingText(appSettings);
        var host = HostSettings.Read(folder, settings);
        var files = Directory.EnumerateDirectories(folder).Select(static f => Path.Combine(f, "function.json")).Where(File.Exists)
            .Order(StringComparer.Ordinal).Take(MaxFunctions + 1).ToList();
        if (files.Count is 0 or > MaxFunctions)
            throw new FunctionsHostException($"{folder} has {files.Count} folders with a function.json; between 1 and {MaxFunctions} are expected.");
        return new FunctionApp(folder, host, [.. files.Select(file => FunctionFile.Read(file, host, settings)).OfType<FunctionDefinition>()]);
    }
}
