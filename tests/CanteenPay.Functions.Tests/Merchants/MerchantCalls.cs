using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>The endpoints over a world, as an operator calls them.</summary>
internal sealed class MerchantCalls : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private MerchantCalls(WebApplication app) => (_app, _http) = (app, app.GetTestClient());

    public static async Task<MerchantCalls> StartAsync(World world) => new(await TestApp.StartAsync(world));

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!;

    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>A new machine of a merchant.</summary>
    public async Task<DeviceId> EnrolAsync(MerchantId merchant, string name, string key = "machine-1")
    {
        var (status, machine) = await PostAsync($"/api/merchants/{merchant}/machines", $$"""{"name":"{{name}}"}""", key);
        status.ShouldBe(HttpStatusCode.Created, machine.ToJsonString());
        return DeviceId.Parse(machine["deviceId"]!.GetValue<string>());
    }

    /// <summary>What a machine asks for when an amount is keyed.</summary>
    public static PayRequest Request(MerchantId merchant, DeviceId device, DateTimeOffset now) => new()
    {
        OrderId = OrderId.New(BusinessDay.Of(now), merchant, device),
        MerchantId = merchant,
        Amount = new Fen(1250),
        RequestedAt = now,
        ExpiresInS = 120,
    };

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
