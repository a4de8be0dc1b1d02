using System.Globalization;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd.Cards;

/// <summary>The committed cloud with several machines of its one merchant, each behind a cable, and without card money: what a test needs it asks for itself.</summary>
internal static class FleetConfig
{
    private const string FirstMachine = "{machine1}";
    private const string AsksForIt = "demo-machine-1";

    /// <summary>What the walk keeps a machine's id as, counted from 0.</summary>
    public static string Device(int machine) => string.Create(CultureInfo.InvariantCulture, $"machine{machine + 1}");

    /// <summary>The name of its program.</summary>
    public static string Program(int machine) => string.Create(CultureInfo.InvariantCulture, $"machine-{machine + 1}");

    public static StackConfig Of(IReadOnlyList<Cable> cables) => StackConfig.With(config =>
    {
        StackConfig.RemoveCards(config);
        var steps = config["requests"]!.AsArray();
        var asks = steps.Single(step => step!["key"]!.GetValue<string>() == AsksForIt)!.DeepClone();
        foreach (var step in steps.Where(step => step!["path"]!.GetValue<string>().EndsWith("/machines", StringComparison.Ordinal)).ToList())
            steps.Remove(step);
        for (var machine = 0; machine < cables.Count; machine++)
        {
            var step = asks.DeepClone();
            (step["key"], step["keep"]) = ($"fleet-{Device(machine)}", new JsonObject { [Device(machine)] = "deviceId" });
            steps.Add(step);
        }

        var programs = config["programs"]!.AsArray();
        var bank = programs.Single(program => program!["name"]!.GetValue<string>() == "bank")!;
        var pattern = programs.Single(program => program!["name"]!.GetValue<string>() == "agent")!.ToJsonString();
        config["programs"] = new JsonArray([bank.DeepClone(), .. cables.Select((cable, machine) => Agent(pattern, machine, cable))]);
    });

    private static JsonNode Agent(string pattern, int machine, Cable cable)
    {
        var agent = JsonNode.Parse(pattern
            .Replace(FirstMachine, $"{{{Device(machine)}}}", StringComparison.Ordinal)
            .Replace("{port:agent}", $"{{port:{Program(machine)}}}", StringComparison.Ordinal)
            .Replace("{agent}", $"{{{Program(machine)}}}", StringComparison.Ordinal))!;
        agent["name"] = Program(machine);
        agent["environment"]!["Agent__Broker__Port"] = cable.Port.ToString(CultureInfo.InvariantCulture);
        agent["environment"]!["Agent__Voice__Output"] = "page";
        return agent;
    }
}
