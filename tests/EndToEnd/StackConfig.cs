using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd;

/// <summary>A cloud of a test's own, for LocalCloud's <c>--config</c>: <c>cloud.json</c> and what is changed about it.</summary>
public sealed class StackConfig : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("canteenpay-config-").FullName;

    private StackConfig(JsonNode config)
    {
        var local = Path.Combine(Repository.Root, "infra/local");
        System.IO.File.WriteAllText(File, config.ToJsonString());
        // LocalCloud looks for Azurite beside its configuration.
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), Path.Combine(local, "node_modules"));
    }

    public string File => Path.Combine(_folder, "cloud.json");

    /// <summary>The committed configuration.</summary>
    public static JsonObject Committed() => JsonNode.Parse(
        System.IO.File.ReadAllText(Path.Combine(Repository.Root, "infra/local/cloud.json")),
        documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();

    /// <summary>The committed configuration, changed.</summary>
    public static StackConfig With(Action<JsonObject> change)
    {
        var config = Committed();
        change(config);
        return new(config);
    }

    /// <summary>Without card money: a test that counts the app's I/Os wants none that its own doing did not cause.</summary>
    public static StackConfig WithoutCards() => With(RemoveCards);

    /// <summary>Takes the steps about card money out of a walk.</summary>
    public static void RemoveCards(JsonObject config)
    {
        var steps = config["requests"]!.AsArray();
        foreach (var step in steps.Where(step => step!["path"]!.GetValue<string>().StartsWith("/api/cards/", StringComparison.Ordinal)).ToList())
            steps.Remove(step);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
