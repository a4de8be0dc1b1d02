using System.Text.Json;
using Microsoft.AspNetCore.Routing.Template;
using NCrontab;

namespace CanteenPay.LocalCloud.Host.Apps;

/// <summary>Reads one {Function}/function.json. What this host would play otherwise than Azure is refused, not guessed.</summary>
internal static class FunctionFile
{
    /// <returns>Null for a function that is disabled.</returns>
    /// <exception cref="FunctionsHostException">The file says something that is not played here.</exception>
    public static FunctionDefinition? Read(string file, HostSettings host, SettingText settings)
    {
        using var json = JsonFile.Read(file);
        if (json.RootElement.Find("disabled") is { ValueKind: JsonValueKind.True })
            return null;
        var name = Path.GetFileName(Path.GetDirectoryName(file))!;
        var bindings = json.RootElement.Find("bindings") is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().ToList() : [];
        var triggers = bindings.FindAll(static b => b.Text("type")?.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase) == true);
        if (triggers is not [var trigger])
            throw new FunctionsHostException($"{file} has {triggers.Count} triggers; a function has exactly one.");
        var binding = trigger.Text("name") ?? throw new FunctionsHostException($"{file}: the trigger has no name.");
        var others = bindings.FindAll(b => b.Text("name") != binding);
        return new FunctionDefinition(name, binding, trigger.Text("type")!.ToUpperInvariant() switch
        {
            "HTTPTRIGGER" => Http(trigger, others, name, host, file),
            "SERVICEBUSTRIGGER" => Queue(trigger, others, settings, file),
            "TIMERTRIGGER" => Timer(trigger, others, settings, file),
            var other => throw new FunctionsHostException($"{file}: triggers of type {other} are not played here."),
        });
    }

    private static HttpTrigger Http(JsonElement trigger, List<JsonElement> others, string name, HostSettings host, string file)
    {
        if (others is not [var output] || !string.Equals(output.Text("type"), "http", StringComparison.OrdinalIgnoreCase))
            throw new FunctionsHostException($"{file}: only a function of exactly one httpTrigger and one http output is proxied, and others are not played here.");
        if (!string.Equals(trigger.Text("authLevel") ?? "function", "anonymous", StringComparison.OrdinalIgnoreCase))
            throw new FunctionsHostException($"{file}: authLevel must be anonymous; function keys are not played here.");
        var route = trigger.Text("route") ?? name;
        if (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase))
            throw new FunctionsHostException($"{file}: the host refuses routes that start with admin or runtime.");
        var full = host.RoutePrefix.Length == 0 ? route : $"{host.RoutePrefix.Trim('/')}/{route}";
        try
        {
            if (TemplateParser.Parse(full).Parameters.Any(static p => p.InlineConstraints.Any()))
                throw new FunctionsHostException($"{file}: route constraints as in '{full}' are not played here.");
        }
        catch (ArgumentException e)
        {
            throw new FunctionsHostException($"{file}: '{full}' is not a route: {e.Message}", e);
        }
        return new HttpTrigger(full, [.. trigger.Texts("methods")]);
    }

    private static QueueTrigger Queue(JsonElement trigger, List<JsonElement> others, SettingText settings, string file)
    {
        RefuseOutputs(others, file);
        var queue = trigger.Text("queueName") ?? throw new FunctionsHostException($"{file}: the trigger has no queueName; topics are not played here.");
        return new QueueTrigger(settings.Expand(queue, file), trigger.Text("dataType")?.ToUpperInvariant() switch
        {
            "BINARY" => true,
            null or "STRING" => false,
            var other => throw new FunctionsHostException($"{file}: dataType {other} is not played here; use binary."),
        });
    }

    private static TimerTrigger Timer(JsonElement trigger, List<JsonElement> others, SettingText settings, string file)
    {
        RefuseOutputs(others, file);
        var text = settings.Expand(trigger.Text("schedule") ?? "", file);
        var schedule = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
            ?? throw new FunctionsHostException($"{file}: '{text}' is not a schedule of six fields (second minute hour day month weekday, UTC).");
        return new TimerTrigger(text, schedule,
            trigger.Find("runOnStartup") is { ValueKind: JsonValueKind.True }, trigger.Find("useMonitor") is not { ValueKind: JsonValueKind.False });
    }

    private static void RefuseOutputs(List<JsonElement> others, string file)
    {
        if (others.Count > 0)
            throw new FunctionsHostException($"{file}: output bindings are not played here; send by REST.");
    }
}
