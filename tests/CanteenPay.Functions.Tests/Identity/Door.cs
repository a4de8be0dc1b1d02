using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Azure.InMemory;
using CanteenPay.Functions.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>The app as somebody at its door meets it: nobody, until a token is shown.</summary>
internal sealed class Door : IAsyncDisposable
{
    public const string Person = "33333333-0000-4000-8000-000000000003";

    private readonly HttpClient _http;

    private Door(WebApplication app, TestDirectory directory, InMemoryTableService tables, FakeClock clock)
    {
        (App, Directory, Tables, Clock) = (app, directory, tables, clock);
        _http = app.GetTestClient();
        _http.DefaultRequestHeaders.Add(TestApp.NobodyHeader, "1");
    }

    public WebApplication App { get; }

    public TestDirectory Directory { get; }

    public InMemoryTableService Tables { get; }

    public FakeClock Clock { get; }

    public static async Task<Door> OpenAsync(string environment = "Development", Action<WebApplication>? map = null, params string[] settings)
    {
        var directory = new TestDirectory();
        var tables = new InMemoryTableService();
        var clock = new FakeClock(World.Noon);
        return new(await TestApp.StartAsync(environment, tables, new() { Directory = directory, Settings = settings, Map = map, Clock = clock }), directory, tables, clock);
    }

    /// <summary>A good token.</summary>
    public static string Token(params Role[] roles) => TestTokens.Of(Person, World.Noon, roles);

    public Task<Answer> GetAsync(string address, string? token = null, string? forwardedFor = null) => SendAsync(HttpMethod.Get, address, token, content: null, forwardedFor);

    public async Task<Answer> SendAsync(HttpMethod method, string address, string? token, HttpContent? content, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}").ShouldBeTrue();
        if (forwardedFor is not null)
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor).ShouldBeTrue();
        using var response = await _http.SendAsync(request);
        return new(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    public Task<Answer> SendJsonAsync(HttpMethod method, string address, string? token, string json) =>
        SendAsync(method, address, token, new StringContent(json, Encoding.UTF8, "application/json"));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await App.DisposeAsync();
        Directory.Dispose();
    }
}

internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? Type, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>Refused so, in words for people and programs.</summary>
    public Answer ShouldBeRefused(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        Type.ShouldBe("application/problem+json");
        Json["status"]!.GetValue<int>().ShouldBe((int)status);
        (Json["detail"] ?? Json["errors"]).ShouldNotBeNull().ToJsonString().Length.ShouldBeGreaterThan(20);
        return this;
    }
}

/// <summary>One door for tests that only ask.</summary>
public sealed class DoorFixture : IAsyncLifetime
{
    internal Door Door { get; private set; } = null!;

    public async Task InitializeAsync() => Door = await Door.OpenAsync();

    public async Task DisposeAsync() => await Door.DisposeAsync();
}
