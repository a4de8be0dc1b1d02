using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CanteenPay.Lunch.Stack;

/// <summary>Reads from addresses that may be out for a moment, as after a kill.</summary>
internal static class Persistent
{
    private const int Tries = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What is there; null for 404.</summary>
    /// <exception cref="LunchException">No answer in several tries.</exception>
    public static Task<T?> GetAsync<T>(this HttpClient http, Uri address, JsonTypeInfo<T> type, TimeProvider time, CancellationToken cancellationToken)
        where T : class => AskAsync(address, () => http.GetAsync(address, cancellationToken), type, time, cancellationToken);

    /// <summary>What is found by a question whose words are not to stand in an address; null for 404.</summary>
    /// <exception cref="LunchException">No answer in several tries.</exception>
    public static Task<T?> FindAsync<T>(
        this HttpClient http, Uri address, JsonObject question, JsonTypeInfo<T> type, TimeProvider time, CancellationToken cancellationToken)
        where T : class => AskAsync(
            address,
            async () =>
            {
                using var content = new StringContent(question.ToJsonString(), Encoding.UTF8, "application/json");
                return await http.PostAsync(address, content, cancellationToken);
            },
            type,
            time,
            cancellationToken);

    private static async Task<T?> AskAsync<T>(
        Uri address, Func<Task<HttpResponseMessage>> askAsync, JsonTypeInfo<T> type, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await askAsync();
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
