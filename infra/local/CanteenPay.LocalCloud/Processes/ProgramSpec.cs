namespace CanteenPay.LocalCloud.Processes;

/// <summary>A program to be kept running.</summary>
internal sealed record ProgramSpec
{
    public required string Name { get; init; }

    public required string FileName { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingFolder { get; init; }

    /// <summary>Where it serves, for people.</summary>
    public required string Address { get; init; }

    public required int Port { get; init; }

    /// <summary>Where it listens, too.</summary>
    public int? SecondPort { get; init; }

    /// <summary>Asked every 25 ms until it says yes.</summary>
    public required Func<CancellationToken, Task<bool>> IsReady { get; init; }

    /// <summary>What must be done before each start.</summary>
    public Action? BeforeStart { get; init; }

    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Outlives a LocalCloud that was killed and is adopted by the next one, as long as <see cref="Fingerprint"/> is the same.
    /// A program that is not adoptable and was left behind is ended at the next start.
    /// </summary>
    public bool Adoptable { get; init; }

    /// <summary>Changes with everything that a running program cannot take over.</summary>
    public string Fingerprint { get; init; } = "";
}
