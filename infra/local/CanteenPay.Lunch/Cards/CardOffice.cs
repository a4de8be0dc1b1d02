using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Lunch.Diners;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Cards;

/// <summary>
/// The merchants' offices, which take cash while the doors are open. Each top-up is asked for until the answer is definite, and once more, always under its one key.
/// </summary>
internal sealed class CardOffice(HttpClient http, Uri functions, CanteenLayout layout, int seed, TimeProvider time)
{
    private const int Tries = 12;
    private const long TopUp = 50_00;

    /// <summary>On average somebody pays cash in once in so long.</summary>
    private static readonly TimeSpan Mean = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, long?> _toppedUp = new(StringComparer.Ordinal);

    /// <summary>What a merchant's staff paid in, before the doors opened too, in fen; null when a question got no definite answer.</summary>
    public long? ToppedUp(string merchant) => _toppedUp.GetValueOrDefault(merchant, 0) + LunchConfig.Cash * LunchPlan.StaffCards;

    /// <summary>Takes cash at random moments until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var dice = new Random(seed);
        var number = 0;
        await Chaos.RandomMoments.EachAsync(
            dice,
            Mean,
            // What was begun is brought to its answer: a question that was broken off would say nothing about the books.
            _ => TakeCashAsync(layout.Merchants[dice.Next(layout.Merchants.Length)], dice.Next(LunchPlan.StaffCards), ++number),
            time,
            cancellationToken);
    }

    private async Task TakeCashAsync(LunchMerchant merchant, int card, int number)
    {
        var address = new Uri(functions, $"/api/cards/{merchant.Id}/cards/find");
        var found = await http.FindAsync(
            address, new() { ["cardNo"] = merchant.CardNo(card) }, LunchJson.Default.CardAccountPage, time, CancellationToken.None);
        if (found is null)
            throw new LunchException($"Card {merchant.CardNo(card)} was issued, and nobody knows it.");
        var path = $"/api/cards/{merchant.Id}/accounts/{found.AccountId}/topups";
        var key = string.Create(CultureInfo.InvariantCulture, $"lunch-cash-{number:D6}");
        var first = await AskAsync(path, key);
        PaidIn(merchant.Id, await AskAsync(path, key) || first ? TopUp : null);
    }

    private void PaidIn(string merchant, long? amount) => _toppedUp.AddOrUpdate(merchant, amount, (_, before) => before + amount);

    /// <summary>Whether it was done; false also when nobody said in many tries.</summary>
    private async Task<bool> AskAsync(string path, string key)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await OnceAsync(path, key) is { } done)
                return done;
            await Task.Delay(Pause * attempt, time, CancellationToken.None);
        }

        return false;
    }

    /// <summary>Null where the answer was not definite.</summary>
    private async Task<bool?> OnceAsync(string path, string key)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(functions, path))
            {
                Content = new StringContent(new JsonObject { ["amount"] = TopUp }.ToJsonString(), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var response = await http.SendAsync(request, CancellationToken.None);
            return response.IsSuccessStatusCode ? true : response.StatusCode < HttpStatusCode.InternalServerError ? false : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
