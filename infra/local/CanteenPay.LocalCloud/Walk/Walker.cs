using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Walk;

/// <summary>
/// Only the product makes merchants, machines and card money: what a demonstration needs is asked of it, in order, as people would ask, each step once in the life of a
/// state folder. It runs once the app serves and before the machines get their access and the programs start.
/// </summary>
/// <param name="file">Where the steps that are done are noted.</param>
/// <param name="tokenOf">A bearer token for a persona.</param>
/// <param name="placeholders">The cloud's.</param>
/// <param name="time">The clock.</param>
internal sealed class Walker(
    string file, Func<string, string> tokenOf, Placeholders placeholders, TimeProvider time) : IDisposable
{
    private const string KeyHeader = "Idempotency-Key";
    private const int Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <returns>What was kept, by name, now or by an earlier run.</returns>
    /// <exception cref="LocalCloudException">A step is refused, its answer lacks what is to be kept, or what is waited for does not come.</exception>
    internal async Task<IReadOnlyDictionary<string, string>> WalkAsync(IEnumerable<WalkStep> steps, CancellationToken cancellationToken)
    {
        var walked = WalkFile.Read(file);
        foreach (var step in steps)
        {
            if (walked.Done.Contains(step.Key, StringComparer.Ordinal))
            {
                continue;
            }

            var kept = await TakeAsync(step, placeholders.With(walked.Kept), cancellationToken);
            walked = new([.. walked.Done, step.Key], walked.Kept.Concat(kept).GroupBy(k => k.Key).ToDictionary(g => g.Key, g => g.Last().Value));
            walked.Write(file);
        }

        return walked.Kept;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Dictionary<string, string>> TakeAsync(WalkStep step, Placeholders known, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var answer = await AskAsync(step, known, cancellationToken);
            if (answer is null || Came(step, known, answer))
            {
                return Kept(step, answer);
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw Refused(step, $"did not become {string.Join(", ", step.Until!.Select(u => $"{u.Key} = {u.Value}"))} within {Patience}: {answer}");
            }

            await Task.Delay(AskAgain, time, cancellationToken);
        }
    }

    /// <returns>The answer; null for a refusal that is in order.</returns>
    private async Task<string?> AskAsync(WalkStep step, Placeholders known, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var message = Message(step, known);
            using var answer = await _http.SendAsync(message, cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return body;
            }

            if (step.Settled?.Contains((int)answer.StatusCode) == true)
            {
                return null;
            }

            if (answer.StatusCode is < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests || attempt == Tries)
            {
                throw Refused(step, $"was answered {(int)answer.StatusCode}: {body}");
            }

            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    private HttpRequestMessage Message(WalkStep step, Placeholders known)
    {
        var where = $"requests, {step.Key}";
        var message = new HttpRequestMessage(new(step.Method), known.Fill(step.To + step.Path, where));
        message.Headers.TryAddWithoutValidation(KeyHeader, step.Key);
        if (step.As is { } persona)
        {
            message.Headers.Authorization = new("Bearer", tokenOf(persona));
        }

        if (step.Picture is { } picture)
        {
            message.Content = new ByteArrayContent(Paper.Draw(picture));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        }
        else if (step.Body is { } body)
        {
            message.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Filled(JsonNode.Parse(body.GetRawText()), known, where), CloudConfigJson.Default.JsonNode));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return message;
    }

    /// <summary>The body with its texts filled; names and numbers stay.</summary>
    private static JsonNode? Filled(JsonNode? node, Placeholders known, string where) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Filled(field.Value, known, where)))),
        JsonArray items => new JsonArray([.. items.Select(item => Filled(item, known, where))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(known.Fill(text, where)),
        _ => node?.DeepClone(),
    };

    private static bool Came(WalkStep step, Placeholders known, string answer) =>
        step.Until is null || step.Until.All(wanted => string.Equals(Text(answer, wanted.Key), known.Fill(wanted.Value, $"requests, {step.Key}"), StringComparison.Ordinal));

    private static Dictionary<string, string> Kept(WalkStep step, string? answer) =>
        (step.Keep ?? new Dictionary<string, string>()).ToDictionary(
            keep => keep.Key,
            keep => (answer is null ? null : Text(answer, keep.Value)) ?? throw Refused(step, $"has no text \"{keep.Value}\" to keep in its answer: {answer}"));

    private static string? Text(string body, string field)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject answer && answer[field] is JsonValue value ? value.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static LocalCloudException Refused(WalkStep step, string why) => new($"The config's request {step.Key} ({step.Method} {step.Path}) {why}");
}
