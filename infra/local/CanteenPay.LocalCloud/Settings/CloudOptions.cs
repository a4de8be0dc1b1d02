namespace CanteenPay.LocalCloud.Settings;

/// <summary>What the command line says.</summary>
internal sealed record CloudOptions
{
    /// <summary>Folder of everything that outlives a run; made when it is missing.</summary>
    public required string StateFolder { get; init; }

    /// <summary>The cloud as it is declared; <c>node_modules</c> is looked for beside it.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>Folder of the function app: host.json, {Function}/function.json, the executable.</summary>
    public required string AppFolder { get; init; }

    /// <summary>Folder that relative program folders of the config are relative to.</summary>
    public required string RootFolder { get; init; }

    /// <summary>Free ports instead of the usual ones, but for those asked for by name.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>LocalCloud ends itself, and all it started, when this process is gone.</summary>
    public int? ParentProcessId { get; init; }

    /// <summary>One handler process for each function, as on Flex Consumption.</summary>
    public bool PerFunctionGroup { get; init; }

    /// <summary>Multiplies time-outs, schedules and intervals of the Functions host and of Service Bus.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Ports by part or program.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    /// <summary>Where a program's executable is, instead of the config's folder.</summary>
    public IReadOnlyDictionary<string, string> ProgramFolders { get; init; } = new Dictionary<string, string>();

    /// <summary>App settings that replace or add to the config's.</summary>
    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new Dictionary<string, string>();
}
