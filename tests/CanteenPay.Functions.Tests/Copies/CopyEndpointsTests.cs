using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Copies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Copies;

/// <summary>An operator asks for a copy before a risky deployment, and in a disaster which there are.</summary>
public sealed class CopyEndpointsTests : IAsyncLifetime
{
    private readonly World _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(_world);
        _http = _app.GetTestClient();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_copy_is_begun_once_a_minute_listed_and_audited()
    {
        (await _http.GetFromJsonAsync<JsonArray>("/api/copies"))!.ShouldBeEmpty();

        using var first = await _http.PostAsync("/api/copies", content: null);
        _world.Clock.MoveTo(World.Noon.AddSeconds(50));
        using var second = await _http.PostAsync("/api/copies", content: null);
        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.Accepted, HttpStatusCode.Accepted));

        var copy = (await _http.GetFromJsonAsync<JsonArray>("/api/copies"))!.ShouldHaveSingleItem()!;
        copy["label"]!.GetValue<string>().ShouldBe("2026-11-22T1205");
        copy["isComplete"]!.GetValue<bool>().ShouldBeFalse();
        copy["missing"]!.AsArray().Count.ShouldBe(43);
        copy["missing"]![0]!.GetValue<string>().ShouldBe("main/Orders/00");
        _world.ServiceBus.Sent(CopyQueue.Queue).Count.ShouldBe(43);
        var entries = JsonNode.Parse(await _http.GetStringAsync("/api/audit/2026-11-22"))!["entries"]!.AsArray().Select(entry => (string?)entry!["after"]).OfType<string>().ToList();
        entries[0].ShouldContain("\"slices\":43");
        entries[0].ShouldContain("2026-11-22T12:05:00");
        entries[1].ShouldContain("repeated");
    }

    [Fact]
    public async Task The_night_makes_one_by_itself_and_its_rows_are_listed()
    {
        await _world.NightAsync();
        await _world.CopiesAsync();

        var copy = (await _http.GetFromJsonAsync<JsonArray>("/api/copies"))!.ShouldHaveSingleItem()!;
        copy["label"]!.GetValue<string>().ShouldBe("2026-11-22");
        copy["isComplete"]!.GetValue<bool>().ShouldBeTrue();
        copy["rows"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(3, "a merchant and two machines");
        _world.Log.ShouldContain(line => line.StartsWith("1912 ", StringComparison.Ordinal));
    }
}
