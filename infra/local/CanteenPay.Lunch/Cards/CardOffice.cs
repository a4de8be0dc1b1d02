using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Lunch.Diners;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Cards;

/// <summary>
/// The merchants' offices: issue the staff's cards before the doors open, and take cash while they are. Each operation is asked for until the answer is definite,
/// and once more, always under its one key.
/// </summary>
internal sealed class CardOffice(HttpClient http, Uri functions, CanteenLayout layout, int seed, TimeProvider time)
{
    private const int Tries = 12;
    private const int AtOnce = 8;
    private const long Cash = 200_00;
    private const long Subsidy = 30_00;
    private const long TopUp = 50_00;

    /// <summary>On average somebody pays cash in once in so long.</summary>
    private static readonly TimeSpan Mean = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<(string Merchant, int Card), string> _accounts = [];
    private readonly ConcurrentDictionary<string, long?> _toppedUp = new(StringComparer.Ordinal);

    /// <summary>What a merchant's staff paid in, in fen; null when a question got no definite answer.</summary>
    public long? ToppedUp(string merchant) => _toppedUp.GetValueOrDefault(merchant, 0);

    /// <summary>Every merchant has rules, and all its cards hold money.</summary>
    /// <param name="rules">The body that sets a merchant's rules.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LunchException">The office was refused, or not answered.</exception>
    public async Task OpenAsync(string rules, CancellationToken cancellationToken)
    {
        foreach (var merchant in layout.Merchants)
        {
            await MustAsync(HttpMethod.Put, $"/api/cards/{merchant.Id}/rules", key: null, rules, cancellationToken);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, LunchPlan.StaffCards),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (card, token) => await OpenAsync(merchant, card, token));
        }
    }

    /// <summary>Takes cash at random moments until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var dice = new Random(seed);
        var number = 0;
        await Chaos.RandomMoments.EachAsync(
            dice,
            Mean,
            // What was begun is brought to its answer: a question that was broken off would say nothing about the books.
            _ => TakeCashAsync(layout.Merchants[dice.Next(layout.Merchants.Length)].Id, dice.Next(LunchPlan.StaffCards), ++number),
            time,
            cancellationToken);
    }

    private async Task OpenAsync(LunchMerchant merchant, int card, CancellationToken cancellationToken)
    {
        var no = merchant.CardNo(card);
        var opening = new JsonObject { ["cardNo"] = no, ["cardType"] = "staff", ["name"] = $"职工 {card + 1}", ["department"] = merchant.Name };
        var opened = await MustAsync(HttpMethod.Post, $"/api/cards/{merchant.Id}/accounts", $"lunch-open-{no}", opening.ToJsonString(), cancellationToken);
        var account = JsonNode.Parse(opened)!["accountId"]!.GetValue<string>();
        _accounts[(merchant.Id, card)] = account;
        var path = $"/api/cards/{merchant.Id}/accounts/{account}";
        await MustAsync(HttpMethod.Post, $"{path}/topups", $"lunch-first-{no}", Amount(Cash), cancellationToken);
        await MustAsync(HttpMethod.Post, $"{path}/subsidies", $"lunch-subsidy-{no}", Amount(Subsidy), cancellationToken);
        PaidIn(merchant.Id, Cash);
    }

    private async Task TakeCashAsync(string merchant, int card, int number)
    {
        var path = $"/api/cards/{merchant}/accounts/{_accounts[(merchant, card)]}/topups";
        var key = string.Create(CultureInfo.InvariantCulture, $"lunch-cash-{number:D6}");
        var first = await AskAsync(HttpMethod.Post, path, key, Amount(TopUp), CancellationToken.None);
        var again = await AskAsync(HttpMethod.Post, path, key, Amount(TopUp), CancellationToken.None);
        PaidIn(merchant, first is (true, _) || again is (true, _) ? TopUp : null);
    }

    private void PaidIn(string merchant, long? amount) => _toppedUp.AddOrUpdate(merchant, amount, (_, before) => before + amount);

    private static string Amount(long fen) => new JsonObject { ["amount"] = fen }.ToJsonString();

    private async Task<string> MustAsync(HttpMethod method, string path, string? key, string body, CancellationToken cancellationToken)
    {
        var (done, answer) = await AskAsync(method, path, key, body, cancellationToken);
        return done ? answer : throw new LunchException($"The cards cannot be issued: {method} {path} was answered {answer}");
    }

    private async Task<(bool Done, string Answer)> AskAsync(HttpMethod method, string path, string? key, string body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (status, answer) = await OnceAsync(method, path, key, body, cancellationToken);
            if (status is >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous)
                return (true, answer);
            if (status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError || attempt == Tries)
                return (false, $"{(int)status} {answer}");
            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    /// <summary>Status 0 where there was no answer.</summary>
    private async Task<(HttpStatusCode Status, string Answer)> OnceAsync(HttpMethod method, string path, string? key, string body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(functions, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            using var response = await http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (0, e.Message);
        }
    }
}
