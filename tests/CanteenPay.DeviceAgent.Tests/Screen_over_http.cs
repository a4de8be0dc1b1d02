using System.Net;
using System.Text.Json;
using CanteenPay.DeviceAgent.Tests.Rig;

namespace CanteenPay.DeviceAgent.Tests;

public sealed class Screen_over_http : IAsyncLifetime
{
    private readonly FakeBroker broker = new();
    private AgentRig agent = null!;

    public async Task InitializeAsync() => agent = await AgentRig.StartAsync(broker, TimeProvider.System);

    public async Task DisposeAsync() => await agent.DisposeAsync();

    private async Task<HttpStatusCode> PressAsync(string key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/keys/{key}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using var response = await agent.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<(string Id, JsonElement View)> NextEventAsync(StreamReader events)
    {
        string? id = null;
        while (true)
        {
            var line = (await events.ReadLineAsync()).ShouldNotBeNull();
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (id.ShouldNotBeNull(), JsonDocument.Parse(line[6..]).RootElement);
        }
    }

    [Fact]
    public async Task A_page_gets_the_whole_view_at_once_and_after_every_change()
    {
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Online, "the link");
        using var events = new StreamReader(await agent.Http.GetStreamAsync("/events"));
        var (first, idle) = await NextEventAsync(events);
        idle.GetProperty("amount").GetString().ShouldBe("0.00");
        idle.GetProperty("headline").GetProperty("small").GetString().ShouldBe("Key in the amount");

        await agent.PressAsync("7");

        var (second, keyed) = await NextEventAsync(events);
        keyed.GetProperty("amount").GetString().ShouldBe("7");
        long.Parse(second).ShouldBeGreaterThan(long.Parse(first));
    }

    [Fact]
    public async Task One_page_too_many_takes_the_place_of_the_oldest()
    {
        List<StreamReader> pages = [];
        for (var i = 0; i < Screen.EventStreams.Max + 1; i++)
        {
            pages.Add(new(await agent.Http.GetStreamAsync("/events")));
            await NextEventAsync(pages[^1]);
        }

        await agent.PressAsync("7");

        (await NextEventAsync(pages[^1])).View.GetProperty("amount").GetString().ShouldBe("7");
        (await pages[0].ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldNotContain("\"amount\":\"7\"");
        pages.ForEach(page => page.Dispose());
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/voice/x.wav")]
    public async Task A_foreign_page_may_not_use_up_the_streams(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Sec-Fetch-Site", "cross-site" } } };

        using var response = await agent.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task This_page_may_press_keys()
    {
        var origin = agent.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

        (await PressAsync("1", ("Origin", origin), ("Sec-Fetch-Site", "same-origin"), ("X-Canteen-Key", "1"))).ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Host", "evil.example")]
    public async Task A_foreign_page_may_not_press_keys(string header, string value)
    {
        ((int)await PressAsync("1", (header, value), ("X-Canteen-Key", "1"))).ShouldBeOneOf(403, 421);

        (await agent.ViewAsync()).GetProperty("amount").GetString().ShouldBe("0.00");
    }

    [Fact]
    public async Task A_plain_form_may_not_press_keys() => (await PressAsync("1")).ShouldBe(HttpStatusCode.Forbidden);

    [Fact]
    public async Task A_key_that_is_none_is_not_found() => (await PressAsync("11", ("X-Canteen-Key", "1"))).ShouldBe(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/app.js", "text/javascript")]
    [InlineData("/voice.js", "text/javascript")]
    [InlineData("/keys.js", "text/javascript")]
    [InlineData("/style.css", "text/css")]
    [InlineData("/manager.css", "text/css")]
    [InlineData("/labels", "application/json")]
    public async Task The_page_comes_from_inside_the_executable_and_may_load_nothing_from_elsewhere(string path, string type)
    {
        using var response = await agent.Http.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self';");
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("<script>");
    }

    [Fact]
    public async Task A_sound_that_is_not_there_is_not_found() =>
        (await agent.Http.GetAsync("/voice/unknown.wav")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task The_list_shows_the_last_payments()
    {
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Online, "the link");
        await agent.PressAsync("8", "pay");
        // The machine may still wait for the time; until it has asked there is no payment.
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.OpenOnScreen is not null, "the payment");
        await agent.PressAsync("cancel", "list");
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.List is not null, "the list");

        var row = (await agent.ViewAsync()).GetProperty("history").EnumerateArray().ShouldHaveSingleItem();

        row.GetProperty("amount").GetString().ShouldBe("8.00");
        row.GetProperty("stage").GetProperty("main").GetString().ShouldBe("关闭中…");
    }
}
