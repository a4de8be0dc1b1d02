using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Seed;

/// <summary>
/// What only the product may write is asked of the product, in order, once it serves and before the programs start. Each request has a key that makes it safe to be sent
/// again, because it is sent at every start.
/// </summary>
internal sealed class AppRequests(string functions, TimeProvider time) : IDisposable
{
    private const string KeyHeader = "Idempotency-Key";
    private const int Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(functions), Timeout = TimeSpan.FromSeconds(30) };
    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);

    /// <exception cref="LocalCloudException">The app refuses one, or its answer lacks what is to be kept.</exception>
    internal async Task SendAsync(IEnumerable<AppRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            await SendAsync(request, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(AppRequest request, CancellationToken cancellationToken)
    {
        var path = new Placeholders(_kept).Fill(request.Path, $"requests, {request.Path}");
        for (var attempt = 1; ; attempt++)
        {
            using var message = new HttpRequestMessage(new(request.Method), path) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request.Body, CloudConfigJson.Default.JsonElement)) };
            message.Content.Headers.ContentType = new("application/json");
            message.Headers.TryAddWithoutValidation(KeyHeader, request.Key);
            using var answer = await _http.SendAsync(message, cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                Keep(request, path, body);
                return;
            }

            if (request.Settled?.Contains((int)answer.StatusCode) == true)
            {
                return;
            }

            if (answer.StatusCode < HttpStatusCode.InternalServerError || attempt == Tries)
            {
                throw new LocalCloudException($"The app answered {(int)answer.StatusCode} to {request.Method} {path} of the config's requests: {body}");
            }

            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    private void Keep(AppRequest request, string path, string body)
    {
        foreach (var (name, field) in request.Keep ?? new Dictionary<string, string>())
        {
            _kept[name] = Text(body, field) ?? throw new LocalCloudException($"The answer to {request.Method} {path} has no text \"{field}\" to keep: {body}");
        }
    }

    private static string? Text(string body, string field)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject answer && answer[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
