using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd.Onboarding;

/// <summary>Somebody's desk: the product's endpoints, asked as whoever signed in.</summary>
internal sealed class Office(LocalStack stack, string persona) : IDisposable
{
    private static readonly TimeSpan DecisionLimit = TimeSpan.FromSeconds(40);
    private readonly HttpClient _http = stack.As(persona);

    /// <summary>Asks for something that is granted; the answer.</summary>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, JsonObject? body = null, string? key = null)
    {
        var (status, text) = await TryAsync(method, path, body, key);
        ((int)status).ShouldBeInRange(200, 299, $"{persona}: {method} {path}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Asks for something; status and text.</summary>
    public async Task<(HttpStatusCode Status, string Text)> TryAsync(HttpMethod method, string path, JsonObject? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(stack.Functions, path));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Hands in a picture.</summary>
    public async Task HandInAsync(string merchant, string kind, string type, byte[] picture)
    {
        using var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await _http.PutAsync(new Uri(stack.Functions, $"/api/applications/{merchant}/documents/{kind}"), content);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{kind}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Waits until an application is in a state; the application.</summary>
    public async Task<JsonNode> BecomesAsync(string merchant, string state)
    {
        JsonNode? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = await AskAsync(HttpMethod.Get, $"/api/applications/{merchant}"))["state"]!.GetValue<string>() == state,
            DecisionLimit,
            () => $"the application did not become {state}: {seen}");
        return seen!;
    }

    public void Dispose() => _http.Dispose();
}
