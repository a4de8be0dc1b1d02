using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.Lunch.Diners;

namespace CanteenPay.Lunch.Stack;

/// <summary>
/// The lunch's own cloud: <c>cloud.json</c> with other merchants and machines. The one agent and the bank in it are the patterns, so that a setting that is added
/// there holds here.
/// </summary>
internal static class LunchConfig
{
    private const string PatternMachine = "DEVMACH1";
    private const string PatternMerchant = "DEVMERCH";
    private const string PatternAgent = "agent";
    private const string Bank = "bank";
    private const string Rules = "/rules";

    /// <summary>What each card holds when the doors open, in fen.</summary>
    public const long Cash = 200_00;

    private const long Subsidy = 30_00;

    /// <summary>Makes the configuration.</summary>
    /// <param name="cloudJson">The text of <c>cloud.json</c>.</param>
    /// <param name="layout">Who takes part.</param>
    /// <param name="keyOf">The key that a merchant, by its number at the bank, signs with.</param>
    /// <exception cref="LunchException">The text is not what the lunch knows how to change.</exception>
    public static string Of(string cloudJson, CanteenLayout layout, Func<string, string> keyOf)
    {
        try
        {
            var config = Parse(cloudJson);
            var programs = config["programs"]!.AsArray();
            var (bank, agent) = (Program(programs, Bank), Program(programs, PatternAgent).ToJsonString());
            // The lunch issues its own cards, to its own merchants, by the demonstration's rules: before the machines start, so that they have them all at once.
            var rules = config["requests"]!.AsArray().First(request => request!["path"]!.GetValue<string>().EndsWith(Rules, StringComparison.Ordinal))!.ToJsonString();
            config["requests"] = new JsonArray([.. layout.Merchants.SelectMany(merchant => Requests(merchant, rules))]);
            config["devices"] = new JsonArray([.. layout.Machines.Select(machine => new JsonObject { ["id"] = machine.Id, ["merchant"] = machine.Merchant })]);
            config["seed"] = new JsonArray([.. layout.Merchants.Select(Row), .. layout.Machines.Select(Row)]);
            foreach (var merchant in layout.Merchants)
            {
                config["appSettings"]![$"SwiftPass__Keys__{merchant.ChannelId}"] = keyOf(merchant.ChannelId);
                foreach (var argument in (string[])[$"--Merchants:{merchant.ChannelId}:Name", merchant.Name, $"--Merchants:{merchant.ChannelId}:Key", keyOf(merchant.ChannelId)])
                    bank["arguments"]!.AsArray().Add(argument);
            }

            config["programs"] = new JsonArray([bank.DeepClone(), .. layout.Machines.Select(machine => Agent(agent, machine))]);
            return config.ToJsonString();
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new LunchException($"cloud.json is not what the lunch expects: {e.Message}", e);
        }
    }

    private static IEnumerable<JsonNode?> Requests(LunchMerchant merchant, string rules)
    {
        yield return JsonNode.Parse(rules.Replace(PatternMerchant, merchant.Id, StringComparison.Ordinal));
        foreach (var no in Enumerable.Range(0, LunchPlan.StaffCards).Select(merchant.CardNo))
        {
            var account = $"/api/cards/{merchant.Id}/accounts";
            yield return Post(account, $"lunch-open-{no}", new() { ["cardNo"] = no, ["cardType"] = "staff", ["name"] = $"职工 {no[^2..]}", ["department"] = merchant.Name }, keep: no);
            yield return Post($"{account}/{{{no}}}/topups", $"lunch-first-{no}", new() { ["amount"] = Cash });
            yield return Post($"{account}/{{{no}}}/subsidies", $"lunch-subsidy-{no}", new() { ["amount"] = Subsidy });
        }
    }

    private static JsonObject Post(string path, string key, JsonObject body, string? keep = null)
    {
        var request = new JsonObject { ["method"] = "POST", ["path"] = path, ["key"] = key, ["body"] = body };
        if (keep is not null)
            request["keep"] = new JsonObject { [keep] = "accountId" };
        return request;
    }

    private static JsonObject Parse(string cloudJson) =>
        JsonNode.Parse(cloudJson, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();

    private static JsonObject Row(LunchMerchant merchant) => Row("Merchants", merchant.Id, new()
    {
        ["Name"] = merchant.Name,
        ["Channel"] = "swiftpass",
        ["ChannelMerchantId"] = merchant.ChannelId,
        ["State"] = "active",
    });

    private static JsonObject Row(LunchMachine machine) => Row("Devices", machine.Id, new()
    {
        ["MerchantId"] = machine.Merchant,
        ["Name"] = machine.Name,
        ["State"] = "active",
    });

    private static JsonObject Row(string table, string id, JsonObject properties) => new()
    {
        ["table"] = table,
        ["partitionKey"] = id,
        ["rowKey"] = "profile",
        ["properties"] = properties,
    };

    private static JsonNode Agent(string pattern, LunchMachine machine)
    {
        var text = pattern
            .Replace(PatternMachine, machine.Id, StringComparison.Ordinal)
            .Replace(PatternMerchant, machine.Merchant, StringComparison.Ordinal)
            .Replace($"{{port:{PatternAgent}}}", $"{{port:{machine.Program}}}", StringComparison.Ordinal)
            .Replace($"{{{PatternAgent}}}", $"{{{machine.Program}}}", StringComparison.Ordinal);
        var agent = JsonNode.Parse(text)!;
        agent["name"] = machine.Program;
        agent["title"] = machine.Name;
        // Nobody listens, and a sound card would speak for all machines at once.
        agent["environment"]!["Agent__Voice__Output"] = "page";
        return agent;
    }

    private static JsonNode Program(JsonArray programs, string name) =>
        programs.FirstOrDefault(program => program!["name"]!.GetValue<string>() == name) ?? throw new InvalidOperationException($"there is no program \"{name}\"");
}
