using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.EndToEnd.Onboarding;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>After a whole run nobody's number, card or phone and no key is readable in what our side wrote: logs, tables, blobs, queues, answers.</summary>
public sealed class PersonalDataTests(ITestOutputHelper output)
{
    // As the committed walk files them.
    private const string ResidentId = "11010519491231002X";
    private const string Card = "6228480402564890018";
    private const string Phone = "13800005678";

    /// <summary>What the bank keeps is the bank's: it has to know whom it registers.</summary>
    private const string BanksOwn = "bank";

    [Fact]
    public async Task Nothing_of_a_person_and_no_key_is_readable_in_what_a_whole_run_leaves()
    {
        await using var stack = await LocalStack.StartAsync();
        var secrets = await SecretsAsync(stack);
        var answers = await LookAtEverythingAsync(stack);
        await stack.EndAsync();
        output.WriteLine(stack.Output);

        Found(answers, secrets).ShouldBeEmpty("in an answer");
        Found(Encoding.UTF8.GetBytes(stack.Output), secrets).ShouldBeEmpty("in what LocalCloud said");
        var files = Directory.GetFiles(stack.StateFolder, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(stack.StateFolder, file).StartsWith($"{BanksOwn}/", StringComparison.Ordinal)).ToList();
        files.ShouldContain(file => file.Contains("/azurite/", StringComparison.Ordinal) && file.Contains("__blobstorage__", StringComparison.Ordinal), "papers were kept");
        foreach (var file in files)
        {
            var inFile = Found(await File.ReadAllBytesAsync(file), secrets);
            if (Path.GetFileName(file) == "sealing.key")
                inFile.ShouldBe(["the key that wraps keys"], "the file of the key holds it, which also shows that this search finds things");
            else
                inFile.ShouldBeEmpty(Path.GetRelativePath(stack.StateFolder, file));
        }

        var known = Directory.GetFiles(Path.Combine(stack.StateFolder, BanksOwn)).SelectMany(file => Found(File.ReadAllBytes(file), secrets)).Distinct();
        known.ShouldBe(["the resident number", "the bank card", "the phone"], ignoreOrder: true, "the walk really told the bank");
    }

    /// <summary>What must not be readable, by what it is.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> SecretsAsync(LocalStack stack)
    {
        var settings = StackConfig.Committed()["appSettings"]!;
        return new Dictionary<string, string>
        {
            ["the resident number"] = ResidentId,
            ["the bank card"] = Card,
            ["the phone"] = Phone,
            ["the gateway's key"] = settings["SwiftPass__Keys__7500000001"]!.GetValue<string>(),
            ["the registration's key"] = settings["Registration__Key"]!.GetValue<string>(),
            ["the key that wraps keys"] = (await File.ReadAllTextAsync(Path.Combine(stack.StateFolder, "sealing.key"))).Trim(),
        };
    }

    /// <summary>Has people look at everything that could show it, and make mistakes that could repeat it; all that they were answered.</summary>
    private static async Task<byte[]> LookAtEverythingAsync(LocalStack stack)
    {
        var said = new StringBuilder();
        foreach (var persona in new[] { "operator", "distributor", "merchant", "finance" })
        {
            using var office = new Office(stack, persona);
            var application = $"/api/applications/{stack.Merchant}";
            string[] paths =
            [
                "/api/me", "/api/members", "/api/distributors", "/api/applications", application, "/api/merchants", $"/api/merchants/{stack.Merchant}",
                $"/api/merchants/{stack.Merchant}/machines", $"/api/merchants/{stack.Merchant}/rates", $"/api/merchants/{stack.Merchant}/subscription",
                "/api/parked", $"/api/audit/{DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd}",
            ];
            foreach (var path in paths)
                said.AppendLine((await office.TryAsync(HttpMethod.Get, path)).Text);
            // Refused for another field, in another state, and as what cannot be read: nobody repeats what was sent.
            JsonObject wrong = new() { ["version"] = 1, ["residentId"] = ResidentId, ["settlement"] = new JsonObject { ["kind"] = "card", ["account"] = Card }, ["contact"] = new JsonObject { ["phone"] = Phone }, ["machines"] = -1 };
            said.AppendLine((await office.TryAsync(HttpMethod.Put, application, wrong)).Text);
            said.AppendLine((await office.TryAsync(HttpMethod.Post, "/api/applications", wrong.DeepClone().AsObject(), key: $"wrong-{persona}")).Text);
            said.AppendLine((await office.TryAsync(HttpMethod.Post, $"{application}/submit", new() { ["residentId"] = ResidentId, ["version"] = "one" })).Text);
            // In a field that the audit writes plainly.
            said.AppendLine((await office.TryAsync(HttpMethod.Post, $"{application}/submit", new() { ["version"] = ResidentId })).Text);
        }

        return Encoding.UTF8.GetBytes(said.ToString());
    }

    /// <summary>Which of the secrets stand in these bytes: as text, as UTF-16, in capital or small letters, or inside Base64 at any of its three places.</summary>
    private static List<string> Found(byte[] bytes, IReadOnlyDictionary<string, string> secrets) =>
        [.. secrets.Where(secret => Forms(secret.Value).Any(form => bytes.AsSpan().IndexOf(form) >= 0)).Select(secret => secret.Key)];

    private static IEnumerable<byte[]> Forms(string secret)
    {
        foreach (var text in new[] { secret, secret.ToLowerInvariant(), secret.ToUpperInvariant() }.Distinct())
        {
            yield return Encoding.UTF8.GetBytes(text);
            yield return Encoding.Unicode.GetBytes(text);
        }

        for (var place = 0; place < 3; place++)
        {
            // The letters at both ends depend on the neighbours.
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', place) + secret));
            yield return Encoding.UTF8.GetBytes(encoded[(place == 0 ? 0 : 4)..^4]);
        }
    }
}
