using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CanteenPay.Lunch.Stack;

/// <summary>Reads from addresses that may be out for a moment, as after a kill.</summary>
internal static class Persistent
{
    private const int Tries = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What is there; null for 404.</summary>
    /// <exception cref="LunchException">No answer in several tries.</exception>
    public static async Task<T?> GetAsync<T>(this HttpClient http, Uri address, JsonTypeInfo<T> type, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await http.GetAsync(address, cancellationToken);
                if (response.StatusCode == HttpStatusCode.NotFound)
                    return null;
                response.EnsureSuccessStatusCode();
                await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                return await JsonSerializer.DeserializeAsync(body, type, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == Tries)
                    throw new LunchException($"{address} does not answer: {e.Message}", e);
                await Task.Delay(Pause * attempt, time, cancellationToken);
            }
        }
    }
}
