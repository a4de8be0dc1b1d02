using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.Lunch.Diners;

namespace CanteenPay.Lunch.Stack;

/// <summary>
/// The lunch's own cloud: <c>cloud.json</c> with other merchants and machines. The one agent, the bank and the one merchant's way into the system are the patterns, so
/// that what is added there holds here.
/// </summary>
internal static class LunchConfig
{
    private const string TracedPart = "OTEL_TRACES_SAMPLER_ARG";
    private const string PatternMachine = "{machine1}";
    private const string PatternMerchant = "merchant";
    private const string PatternAgent = "agent";
    private const string Bank = "bank";
    private const string Application = "demo-application";
    private const string Activation = "demo-activate";
    private const string Rules = "demo-rules";
    private const string Operator = "operator";

    /// <summary>What each card holds when the doors open, in fen.</summary>
    public const long Cash = 200_00;

    private const long Subsidy = 30_00;

    /// <summary>Makes the configuration.</summary>
    /// <param name="cloudJson">The text of <c>cloud.json</c>.</param>
    /// <param name="layout">Who takes part.</param>
    /// <exception cref="LunchException">The text is not what the lunch knows how to change.</exception>
    public static string Of(string cloudJson, CanteenLayout layout)
    {
        try
        {
            var config = Parse(cloudJson);
            var programs = config["programs"]!.AsArray();
            var (bank, agent) = (Program(programs, Bank), Program(programs, PatternAgent).ToJsonString());
            var steps = config["requests"]!.AsArray().Select(step => step!).ToList();
            var (first, last) = (steps.FindIndex(step => KeyOf(step) == Application), steps.FindIndex(step => KeyOf(step) == Activation));
            var rules = steps.First(step => KeyOf(step) == Rules);
            // The lunch issues its own cards, to its own merchants, by the demonstration's rules: before the machines start, so that they have them all at once.
            config["requests"] = new JsonArray(
            [
                .. steps[..first].Select(step => step.DeepClone()),
                .. layout.Merchants.SelectMany(merchant => steps[first..(last + 1)].Append(rules).Select(step => Step(step, merchant))),
                .. layout.Machines.Select(machine => Post(
                    $"/api/merchants/{{{machine.Merchant}}}/machines", $"lunch-{machine.Id}", new() { ["name"] = machine.Name }, machine.Id, "deviceId")),
                .. layout.Merchants.SelectMany(Cards),
            ]);
            config["devices"] = new JsonArray(
                [.. layout.Machines.Select(machine => new JsonObject { ["id"] = $"{{{machine.Id}}}", ["merchant"] = $"{{{machine.Merchant}}}" })]);
            // One persona asks for everybody here, as fast as it can.
            config["appSettings"]!["RateLimits__RequestsPerSecond"] = "1000";
            config["appSettings"]!["RateLimits__Burst"] = "10000";
            // A lunch is measured: nobody looks at a trace of each of its payments. What diners wait is told all the same.
            config["appSettings"]![TracedPart] = "0";
            config["programs"] = new JsonArray([bank.DeepClone(), .. layout.Machines.Select(machine => Agent(agent, machine))]);
            return config.ToJsonString();
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new LunchException($"cloud.json is not what the lunch expects: {e.Message}", e);
        }
    }

    /// <summary>A step of the pattern's merchant, taken by another.</summary>
    private static JsonNode Step(JsonNode pattern, LunchMerchant merchant)
    {
        var step = JsonNode.Parse(pattern.ToJsonString().Replace($"{{{PatternMerchant}}}", $"{{{merchant.Id}}}", StringComparison.Ordinal))!;
        step["key"] = $"{merchant.Id}-{KeyOf(step)}";
        // Its own people are not members here: operators do it for them.
        if (step["as"]?.GetValue<string>() == PatternMerchant)
            step["as"] = Operator;
        if (step["keep"] is JsonObject keep && keep.Remove(PatternMerchant, out var field))
            keep[merchant.Id] = field;
        if (step["body"]?["licence"] is not null)
            (step["body"]!["licence"], step["body"]!["merchantName"]) = (merchant.Licence, merchant.Name);
        return step;
    }

    private static IEnumerable<JsonNode?> Cards(LunchMerchant merchant)
    {
        foreach (var no in Enumerable.Range(0, LunchPlan.StaffCards).Select(merchant.CardNo))
        {
            var account = $"/api/cards/{{{merchant.Id}}}/accounts";
            yield return Post(account, $"lunch-open-{no}", new() { ["cardNo"] = no, ["cardType"] = "staff", ["name"] = $"职工 {no[^2..]}", ["department"] = merchant.Name }, no, "accountId");
            yield return Post($"{account}/{{{no}}}/topups", $"lunch-first-{no}", new() { ["amount"] = Cash });
            yield return Post($"{account}/{{{no}}}/subsidies", $"lunch-subsidy-{no}", new() { ["amount"] = Subsidy });
        }
    }

    private static JsonObject Post(string path, string key, JsonObject body, string? keep = null, string? field = null)
    {
        var request = new JsonObject { ["as"] = Operator, ["method"] = "POST", ["path"] = path, ["key"] = key, ["body"] = body };
        if (keep is not null)
            request["keep"] = new JsonObject { [keep] = field };
        return request;
    }

    private static string KeyOf(JsonNode step) => step["key"]!.GetValue<string>();

    private static JsonObject Parse(string cloudJson) =>
        JsonNode.Parse(cloudJson, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();

    private static JsonNode Agent(string pattern, LunchMachine machine)
    {
        var text = pattern
            .Replace(PatternMachine, $"{{{machine.Id}}}", StringComparison.Ordinal)
            .Replace($"{{{PatternMerchant}}}", $"{{{machine.Merchant}}}", StringComparison.Ordinal)
            .Replace($"{{port:{PatternAgent}}}", $"{{port:{machine.Program}}}", StringComparison.Ordinal)
            .Replace($"{{{PatternAgent}}}", $"{{{machine.Program}}}", StringComparison.Ordinal);
        var agent = JsonNode.Parse(text)!;
        agent["name"] = machine.Program;
        agent["title"] = machine.Name;
        // Nobody listens, and a sound card would speak for all machines at once.
        agent["environment"]!["Agent__Voice__Output"] = "page";
        agent["environment"]![TracedPart] = "0";
        return agent;
    }

    private static JsonNode Program(JsonArray programs, string name) =>
        programs.FirstOrDefault(program => program!["name"]!.GetValue<string>() == name) ?? throw new InvalidOperationException($"there is no program \"{name}\"");
}
