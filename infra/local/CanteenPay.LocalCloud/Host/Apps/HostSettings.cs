using System.Globalization;
using System.Text.Json;

namespace CanteenPay.LocalCloud.Host.Apps;

/// <summary>What host.json says; the defaults are the real host's. Time spans are as written there, not scaled.</summary>
internal sealed record HostSettings
{
    private const int MaxConcurrency = 1000;

    /// <summary>As written: relative to the app folder if a file is there, else looked up by the system.</summary>
    public required string Executable { get; init; }

    public string WorkingDirectory { get; init; } = "";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Before every HTTP route; host.json's default is "api".</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>Invocations that one Service Bus function may have under way at once.</summary>
    public int MaxConcurrentCalls { get; init; } = 16;

    /// <summary>For how long the lock of a message under way is renewed; an invocation that takes longer loses it, and the message comes a second time.</summary>
    public TimeSpan MaxLockRenewal { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public TimeSpan InitializationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="FunctionsHostException">The file is missing, is not JSON, or asks for something that is not played here.</exception>
    public static HostSettings Read(string appFolder, SettingText settings)
    {
        var file = Path.Combine(appFolder, "host.json");
        using var json = JsonFile.Read(file);
        var handler = json.RootElement.Find("customHandler")
            ?? throw new FunctionsHostException($"{file} has no customHandler section; only custom handlers are played here.");
        var description = handler.Find("description")
            ?? throw new FunctionsHostException($"{file}: customHandler has no description.");
        if (handler.Find("enableProxyingHttpRequest") is not { ValueKind: JsonValueKind.True })
            throw new FunctionsHostException($"{file}: set customHandler.enableProxyingHttpRequest to true; no other way of handing over HTTP is played here.");
        var serviceBus = json.RootElement.Find("extensions")?.Find("serviceBus");
        var defaults = new HostSettings { Executable = description.Text("defaultExecutablePath") ?? "" };
        if (defaults.Executable.Length == 0)
            throw new FunctionsHostException($"{file}: customHandler.description.defaultExecutablePath is missing.");
        var concurrency = serviceBus?.Number("maxConcurrentCalls") ?? defaults.MaxConcurrentCalls;
        if (concurrency is < 1 or > MaxConcurrency)
            throw new FunctionsHostException($"{file}: extensions.serviceBus.maxConcurrentCalls is {concurrency}; between 1 and {MaxConcurrency} are played here.");
        return defaults with
        {
            Executable = settings.Expand(defaults.Executable, file),
            WorkingDirectory = description.Text("workingDirectory") ?? "",
            Arguments = [.. description.Texts("arguments").Select(argument => settings.Expand(argument, file))],
            RoutePrefix = json.RootElement.Find("extensions")?.Find("http")?.Text("routePrefix") ?? defaults.RoutePrefix,
            MaxConcurrentCalls = concurrency,
            MaxLockRenewal = Span(serviceBus?.Text("maxAutoLockRenewalDuration"), defaults.MaxLockRenewal, file),
            FunctionTimeout = Span(json.RootElement.Text("functionTimeout"), defaults.FunctionTimeout, file),
            InitializationTimeout = Span(handler.Text("initializationTimeout"), defaults.InitializationTimeout, file),
        };
    }

    private static TimeSpan Span(string? text, TimeSpan otherwise, string file) => text switch
    {
        null => otherwise,
        _ when TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero => span,
        _ => throw new FunctionsHostException($"{file}: '{text}' is not a time span such as 00:05:00."),
    };
}
