namespace CanteenPay.LocalCloud.Host;

/// <summary>How the local Functions host runs one function app. The defaults are the real host's.</summary>
/// <remarks>Every time-out, also host.json's, and every timer's interval is multiplied by <see cref="TimeScale"/>, but for the times that a process needs to start or to end.</remarks>
internal sealed record FunctionsHostOptions
{
    /// <summary>Where the timers' last runs are kept, so that one missed while nothing ran is run at the next start; null keeps none.</summary>
    public string? StateFolder { get; init; }

    /// <summary>The app settings: environment variables of the handler, and what <c>%NAME%</c> in function.json and host.json stands for.</summary>
    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>One process for all HTTP functions and one for each other function, as on Flex Consumption, instead of one for all.</summary>
    public bool PerFunctionGroup { get; init; }

    /// <summary>How often a starting handler is asked whether it answers.</summary>
    public TimeSpan ReadinessInterval { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a handler may take to answer; null takes host.json's, 30 s if that says nothing. Not scaled: no process starts faster for it.</summary>
    public TimeSpan? InitializationTimeout { get; init; }

    /// <summary>The handler's errors are forgotten when this long passed without one; three within it stop the host.</summary>
    public TimeSpan ErrorWindow { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A proxied request on which nothing moved for this long ends with 504.</summary>
    public TimeSpan ProxyActivityTimeout { get; init; } = TimeSpan.FromSeconds(240);

    /// <summary>
    /// What an invocation that cannot reach its handler waits for the exit of the process before the message is abandoned.
    /// Azure's round trip gives the host that time; without it a dying handler would burn all ten deliveries before its exit is seen. Not scaled.
    /// </summary>
    public TimeSpan UnreachableGrace { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long after the third error of a handler that had served another host takes the place of the stopped one, as the platform replaces an instance;
    /// null never does. Not scaled.
    /// </summary>
    public TimeSpan? ReplacementTime { get; init; }

    /// <summary>Greater than 0.</summary>
    public double TimeScale { get; init; } = 1;
}
