using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.BankSimulator.Gateway;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>
/// The settings as JSON. A fault is a share (0.05), one that takes time <c>{"share":0.2,"ms":3000}</c>. A name that is no fault is refused:
/// a test with a misspelt fault would be green for the wrong reason.
/// </summary>
internal static class ChaosJson
{
    /// <summary>Longest time that a fault takes, or that the gateway is down.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(10);

    private const int MaxTimes = 1_000;

    private static readonly Dictionary<string, FaultText> ByName = Faults.All.ToDictionary(f => f.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, GatewayCall> Calls = Enum.GetValues<GatewayCall>()
        .Where(c => c is not GatewayCall.Other)
        .ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>Reads settings.</summary>
    /// <exception cref="JsonException">Something in it makes no sense; the message says what.</exception>
    public static ChaosSettings Read(JsonObject json)
    {
        var settings = ChaosSettings.Calm;
        foreach (var (name, value) in json)
        {
            settings = name switch
            {
                "seed" => settings with { Seed = Value<long>(name, value, "a whole number") },
                "times" => settings with { Times = Value<int>(name, value, "a whole number") is > 0 and <= MaxTimes and var times ? times : throw Wrong(name, $"1 to {MaxTimes}") },
                "calls" => settings with { Calls = ReadCalls(value) },
                _ when ByName.TryGetValue(name, out var fault) => ReadShare(fault, value) is { Share: > 0 } share ? settings with { Shares = settings.Shares.Add(fault.Fault, share) } : settings,
                _ => throw new JsonException($"'{name}' is no fault. There are: seed, times, calls, {string.Join(", ", ByName.Keys)}."),
            };
        }

        return settings;
    }

    /// <summary>The state with every fault, those that are off too, and what was done.</summary>
    public static JsonObject Write(ChaosState state)
    {
        var json = Write(state.Settings);
        json["nextIsSet"] = state.NextIsSet;
        json["downUntil"] = state.DownUntil;
        var done = new JsonObject { ["down"] = state.RefusedAsDown };
        foreach (var fault in Faults.All)
            done[fault.Name] = state.Done[(int)fault.Fault];
        json["done"] = done;
        return json;
    }

    /// <summary>Settings with every fault, those that are off too.</summary>
    public static JsonObject Write(ChaosSettings settings)
    {
        var json = new JsonObject { ["seed"] = settings.Seed };
        foreach (var fault in Faults.All)
        {
            var share = settings.Shares.GetValueOrDefault(fault.Fault);
            json[fault.Name] = fault.Ms is null ? share.Share : new JsonObject { ["share"] = share.Share, ["ms"] = (long)share.Delay.TotalMilliseconds };
        }

        json["calls"] = new JsonArray([.. settings.Calls.Select(c => (JsonNode)NameOf(c))]);
        return json;
    }

    private static FaultShare ReadShare(FaultText fault, JsonNode? value)
    {
        if (fault.Ms is not { } usual)
            return new FaultShare(Share(fault.Name, value), TimeSpan.Zero);
        if (value is not JsonObject given)
            return new FaultShare(Share(fault.Name, value), TimeSpan.FromMilliseconds(usual));
        if (given.FirstOrDefault(p => p.Key is not ("share" or "ms")) is { Key: { } other })
            throw Wrong($"{fault.Name}.{other}", "share or ms");
        var ms = given["ms"] is { } time ? Value<long>($"{fault.Name}.ms", time, "milliseconds") : usual;
        return ms >= 0 && ms <= MaxDelay.TotalMilliseconds
            ? new FaultShare(Share($"{fault.Name}.share", given["share"]), TimeSpan.FromMilliseconds(ms))
            : throw Wrong($"{fault.Name}.ms", $"0 to {MaxDelay.TotalMilliseconds}");
    }

    private static double Share(string name, JsonNode? value) =>
        Value<double>(name, value, "0 to 1") is >= 0 and <= 1 and var share ? share : throw Wrong(name, "0 to 1");

    private static ImmutableHashSet<GatewayCall> ReadCalls(JsonNode? value) => value is JsonArray names
        ? [.. names.Select(n => Calls.TryGetValue(Value<string>("calls", n, "names"), out var call) ? call : throw Wrong("calls", $"of {string.Join(", ", Calls.Keys)}"))]
        : throw Wrong("calls", "a list");

    private static T Value<T>(string name, JsonNode? value, string wanted) => value is JsonValue given && given.TryGetValue<T>(out var read) ? read : throw Wrong(name, wanted);

    private static JsonException Wrong(string name, string wanted) => new($"{name} must be {wanted}.");

    private static string NameOf(GatewayCall call) => char.ToLowerInvariant(call.ToString()[0]) + call.ToString()[1..];
}
