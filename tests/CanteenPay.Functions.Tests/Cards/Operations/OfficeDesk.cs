using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>The office's desk: the card endpoints of a world.</summary>
internal sealed class OfficeDesk(WebApplication app) : IAsyncDisposable
{
    /// <summary>Rules as the office sends them first.</summary>
    public const string Rules = """
        {"version":0,"rules":{
          "meals":[{"meal":"breakfast","from":"06:30:00","to":"09:00:00"},{"meal":"lunch","from":"11:00:00","to":"13:30:00","price":1200},
                   {"meal":"dinner","from":"17:00:00","to":"19:30:00"},{"meal":"night","from":"22:00:00","to":"01:00:00"}],
          "cardTypes":[{"type":"staff","name":{"zh":"职工","en":"Staff"}},
                       {"type":"guest","name":{"zh":"访客","en":"Guest"},"paidBasisPoints":10000,"spillsToCash":false,"limits":{"perTap":5000,"dayTaps":3}}],
          "items":[{"no":1,"name":{"zh":"米饭","en":"Rice"},"price":100}]}}
        """;

    private const string Cards = "/api/cards/DEVMERCH";

    private readonly HttpClient _http = app.GetTestClient();
    private int _keys;

    public static async Task<OfficeDesk> OpenAsync(World world)
    {
        var desk = new OfficeDesk(await TestApp.StartAsync(world));
        (await desk.SendAsync(HttpMethod.Put, "/rules", Rules)).Status.ShouldBe(HttpStatusCode.OK);
        return desk;
    }

    /// <summary>A new account with a card; its id.</summary>
    public async Task<string> AccountAsync(string cardNo = "04A1B2C3", string cardType = "staff")
    {
        var (status, opened) = await PostAsync("/accounts", $$"""{"cardNo":"{{cardNo}}","cardType":"{{cardType}}","name":"王芳","department":"总务处"}""");
        status.ShouldBe(HttpStatusCode.Created, opened.ToJsonString());
        return opened["accountId"]!.GetValue<string>();
    }

    public Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body, string? key = null) =>
        SendAsync(HttpMethod.Post, path, body, key ?? $"test-key-{++_keys}");

    public Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(HttpMethod method, string path, string? body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, Cards + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is { Length: > 0 })
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError, text);
        return (response.StatusCode, JsonNode.Parse(text)!);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await app.DisposeAsync();
    }
}
