using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd.Cards;

/// <summary>A merchant's office, by the product's endpoints. Everything is asked for until the answer is definite, an operation always under its one key.</summary>
public sealed class CardOffice(LocalStack stack, string merchant)
{
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(60);

    /// <summary>Sets the demonstration's rules.</summary>
    public Task SetRulesAsync() => AskAsync(HttpMethod.Put, "/rules", key: null, DemonstrationRules());

    /// <summary>Opens an account with a card; its id.</summary>
    public async Task<string> OpenAsync(string card)
    {
        var opened = await AskAsync(HttpMethod.Post, "/accounts", $"open-{card}", new() { ["cardNo"] = card, ["cardType"] = "staff", ["name"] = $"职工 {card[^3..]}" });
        return opened["accountId"]!.GetValue<string>();
    }

    /// <summary>Cash is paid in.</summary>
    public Task TopUpAsync(string account, long fen, string key) => AskAsync(HttpMethod.Post, $"/accounts/{account}/topups", key, new() { ["amount"] = fen });

    /// <summary>A card is reported lost.</summary>
    public Task LostAsync(string account, string card) => AskAsync(HttpMethod.Post, $"/accounts/{account}/lost", $"lost-{card}", new() { ["cardNo"] = card });

    /// <summary>The account of a card, as the cloud has it.</summary>
    public Task<JsonNode> AccountOfAsync(string card) => AskAsync(HttpMethod.Post, "/cards/find", key: null, new() { ["cardNo"] = card });

    /// <summary>What a card's account holds at the cloud, in fen.</summary>
    public async Task<long> BalanceOfAsync(string card) => (await AccountOfAsync(card))["balance"]!.GetValue<long>();

    /// <summary>The ledger's lines of a machine on some business days.</summary>
    public async Task<IReadOnlyList<JsonNode>> LinesAsync(string device, IEnumerable<DateOnly> days)
    {
        List<JsonNode> lines = [];
        foreach (var day in days)
        {
            var found = await AskAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/machines/{device}/days/{day:yyyy-MM-dd}"), key: null, body: null);
            found["isCut"]!.GetValue<bool>().ShouldBeFalse("more lines than the endpoint shows");
            lines.AddRange(found["lines"]!.AsArray().Select(line => line!));
        }

        return lines;
    }

    /// <summary>Has the night's check made now; what it came to.</summary>
    public async Task<JsonNode> CheckAsync()
    {
        var before = DateTimeOffset.UtcNow;
        await stack.PostAsync(new Uri(stack.Status, "/timers/Night/fire"));
        JsonNode? result = null;
        await Eventually.TrueAsync(
            async () => (result = await FindCheckAsync(before)) is not null, CheckLimit, () => "the closed loop was not checked");
        return result!;
    }

    /// <summary>Posting days of what is tapped from a moment on: a night's meal is of the day on which it began.</summary>
    public static IReadOnlyList<DateOnly> DaysSince(DateTimeOffset began) => [.. new[] { Day(began).AddDays(-1), Day(began), Day(DateTimeOffset.UtcNow) }.Distinct()];

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(TimeSpan.FromHours(8)).DateTime);

    private static JsonObject DemonstrationRules() =>
        StackConfig.Committed()["requests"]!.AsArray().First(request => request!["path"]!.GetValue<string>().EndsWith("/rules", StringComparison.Ordinal))!["body"]!.DeepClone().AsObject();

    private async Task<JsonNode?> FindCheckAsync(DateTimeOffset since)
    {
        var day = Day(since);
        using var answer = await stack.Http.GetAsync(Address(string.Create(CultureInfo.InvariantCulture, $"/checks/{day:yyyy-MM-dd}")));
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        var result = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return result["at"]!.GetValue<DateTimeOffset>() >= since ? result : null;
    }

    private Uri Address(string path) => new(stack.Functions, $"/api/cards/{merchant}{path}");

    private async Task<JsonNode> AskAsync(HttpMethod method, string path, string? key, JsonObject? body)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (status, text) = await OnceAsync(method, path, key, body);
            if (status is >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous)
                return JsonNode.Parse(text)!;
            if (status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError || attempt == Tries)
                throw new InvalidOperationException($"{method} {path}: {(int?)status} {text}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>No status where the app was not reached.</summary>
    private async Task<(HttpStatusCode? Status, string Text)> OnceAsync(HttpMethod method, string path, string? key, JsonObject? body)
    {
        try
        {
            using var request = new HttpRequestMessage(method, Address(path));
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            if (body is not null)
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await stack.Http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException e)
        {
            return (null, e.Message);
        }
    }
}
