using System.Globalization;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd.Cards;

/// <summary>The committed cloud with several machines of its one merchant, each behind a cable, and without a bank.</summary>
internal static class FleetConfig
{
    public const string Merchant = "DEVMERCH";

    /// <summary>The id of a machine, counted from 0.</summary>
    public static string Device(int machine) => string.Create(CultureInfo.InvariantCulture, $"DEVMACH{machine + 1}");

    /// <summary>The name of its program.</summary>
    public static string Program(int machine) => string.Create(CultureInfo.InvariantCulture, $"machine-{machine + 1}");

    public static StackConfig Of(IReadOnlyList<Cable> cables) => StackConfig.With(config =>
    {
        // What a test needs it asks for itself.
        config.Remove("requests");
        config["appSettings"]!["SwiftPass__Gateway"] = "http://127.0.0.1:1";
        var pattern = config["programs"]!.AsArray().Single(program => program!["name"]!.GetValue<string>() == "agent")!.ToJsonString();
        config["programs"] = new JsonArray([.. cables.Select((cable, machine) => Agent(pattern, machine, cable))]);
        config["devices"] = new JsonArray([.. cables.Select((_, machine) => new JsonObject { ["id"] = Device(machine), ["merchant"] = Merchant })]);
        var seed = config["seed"]!.AsArray();
        var profile = seed.First(row => row!["table"]!.GetValue<string>() == "Devices")!;
        foreach (var row in seed.Where(row => row!["table"]!.GetValue<string>() == "Devices").ToList())
            seed.Remove(row);
        for (var machine = 0; machine < cables.Count; machine++)
        {
            var row = profile.DeepClone();
            row["partitionKey"] = Device(machine);
            seed.Add(row);
        }
    });

    private static JsonNode Agent(string pattern, int machine, Cable cable)
    {
        var agent = JsonNode.Parse(pattern
            .Replace("DEVMACH1", Device(machine), StringComparison.Ordinal)
            .Replace("{port:agent}", $"{{port:{Program(machine)}}}", StringComparison.Ordinal)
            .Replace("{agent}", $"{{{Program(machine)}}}", StringComparison.Ordinal))!;
        agent["name"] = Program(machine);
        agent["environment"]!["Agent__Broker__Port"] = cable.Port.ToString(CultureInfo.InvariantCulture);
        agent["environment"]!["Agent__Voice__Output"] = "page";
        return agent;
    }
}
