using System.Globalization;
using System.Net;
using Azure;
using CanteenPay.Functions.Identity;
using Microsoft.AspNetCore.Builder;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>What everybody meets, whatever they ask for: limits, headers, words.</summary>
public sealed class DoorTests
{
    private static readonly string[] Few =
    [
        "--RateLimits:AnonymousBurst", "3", "--RateLimits:AnonymousPerSecond", "1", "--RateLimits:StrangersBurst", "3", "--RateLimits:StrangersPerSecond", "1",
    ];

    private const string Member = $"/api/members/{TestTokens.Operator}";

    [Fact]
    public async Task One_caller_who_asks_too_much_is_told_when_to_come_again_and_others_are_served()
    {
        await using var door = await Door.OpenAsync(settings: ["--RateLimits:Burst", "3", "--RateLimits:RequestsPerSecond", "1"]);
        var greedy = Door.Token(Role.Operator);
        for (var asked = 0; asked < 3; asked++)
            (await door.GetAsync("/api/me", greedy)).Status.ShouldBe(HttpStatusCode.OK);

        var refused = (await AskUntilRefusedAsync(() => door.GetAsync("/api/me", greedy))).ShouldBeRefused(HttpStatusCode.TooManyRequests);

        refused.Headers.RetryAfter!.Delta.ShouldNotBeNull().TotalSeconds.ShouldBeGreaterThanOrEqualTo(1);
        var other = TestTokens.Of(TestTokens.Operator, World.Noon, Role.Operator);
        (await door.GetAsync("/api/me", other)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/me")]
    [InlineData("/notify/swiftpass/N0THERE0")]
    public async Task Strangers_are_counted_by_the_address_that_the_front_end_saw(string address)
    {
        await using var door = await Door.OpenAsync(settings: Few);
        var method = address.StartsWith("/notify", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
        var number = 0;

        // What a caller writes before it makes nobody else of them.
        await AskUntilRefusedAsync(() => door.SendAsync(method, address, token: null, content: null, $"10.0.0.{++number}, 203.0.113.9:4711"));

        number.ShouldBeGreaterThan(3);
        (await door.SendAsync(method, address, token: null, content: null, "203.0.113.10")).Status.ShouldNotBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_strangers_refusals_are_counted_together_over_all_addresses_of_theirs_and_all_routes()
    {
        await using var door = await Door.OpenAsync(settings: Few);
        var number = 0;

        await AskUntilRefusedAsync(() => door.GetAsync(
            number % 2 == 0 ? "/api/me" : "/api/members", token: null, string.Create(CultureInfo.InvariantCulture, $"2001:db8:0:1:{++number:x}::7")));

        number.ShouldBeLessThan(20, "each of them alone was asked once");
        (await door.GetAsync("/api/me", token: null, "2001:db8:0:2::7")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_the_host_invokes_is_not_counted()
    {
        await using var door = await Door.OpenAsync(settings: Few);

        for (var invocation = 0; invocation < 20; invocation++)
        {
            using var nothing = new StringContent("{}");
            (await door.SendAsync(HttpMethod.Post, "/PaymentPoll", token: null, nothing)).Status.ShouldNotBe(HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task A_body_larger_than_64_KB_is_refused_with_or_without_its_length()
    {
        await using var door = await Door.OpenAsync();
        using var known = new ByteArrayContent(new byte[65 * 1024]);
        using var chunked = new StreamContent(new MemoryStream(new byte[65 * 1024]));
        chunked.Headers.ContentLength = null;

        (await door.SendAsync(HttpMethod.Put, Member, Door.Token(Role.Operator), known)).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge);
        (await door.SendAsync(HttpMethod.Put, Member, Door.Token(Role.Operator), chunked)).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Every_answer_carries_the_headers_that_keep_browsers_from_guessing(string environment)
    {
        await using var door = await Door.OpenAsync(environment, Breaks);
        foreach (var address in (string[])["/api/me", "/API/ME", "/api/nothing", "/api/breaks", "/health/live", "/notify/swiftpass/N0THERE0"])
        {
            var headers = (await door.GetAsync(address, Door.Token(Role.Operator))).Headers;

            headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], address);
            headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue(address);
            headers.GetValues("X-Frame-Options").ShouldBe(["DENY"], address);
            headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"], address);
            headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"], address);
            headers.Contains("Strict-Transport-Security").ShouldBe(environment == "Production", address);
            headers.Contains("Server").ShouldBeFalse(address);
        }
    }

    [Fact]
    public async Task Every_refusal_is_said_in_words_for_people_and_programs()
    {
        await using var door = await Door.OpenAsync(map: Breaks);
        var token = Door.Token(Role.Operator);

        (await door.GetAsync("/api/me")).ShouldBeRefused(HttpStatusCode.Unauthorized);
        (await door.GetAsync("/api/members", Door.Token(Role.Merchant))).ShouldBeRefused(HttpStatusCode.Forbidden);
        (await door.GetAsync("/api/nothing", token)).ShouldBeRefused(HttpStatusCode.NotFound);
        (await door.GetAsync("/api/nothing")).ShouldBeRefused(HttpStatusCode.NotFound);
        (await door.SendJsonAsync(HttpMethod.Delete, "/api/me", token, "{}")).ShouldBeRefused(HttpStatusCode.MethodNotAllowed);
        (await door.SendJsonAsync(HttpMethod.Put, Member, token, "{")).ShouldBeRefused(HttpStatusCode.BadRequest);
        (await door.SendJsonAsync(HttpMethod.Put, "/api/members/me", token, """{"name":"王","distributors":[],"merchants":[],"active":true,"version":0}"""))
            .ShouldBeRefused(HttpStatusCode.UnprocessableEntity);
        (await door.GetAsync("/api/breaks", token)).ShouldBeRefused(HttpStatusCode.InternalServerError).Text.ShouldNotContain("secret");
        (await door.GetAsync("/api/storage-is-away", token)).ShouldBeRefused(HttpStatusCode.ServiceUnavailable);
        (await door.GetAsync("/api/storage-says-no", token)).ShouldBeRefused(HttpStatusCode.InternalServerError);
        (await door.GetAsync("/api/parked/2026-11-22/a%5Cb", token)).ShouldBeRefused(HttpStatusCode.NotFound);
        (await door.SendJsonAsync(HttpMethod.Post, "/notify/swiftpass/N0THERE0", token: null, "{}")).ShouldBeRefused(HttpStatusCode.NotFound);
        (await door.GetAsync("/notify/swiftpass/DEVMERCH")).ShouldBeRefused(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Notifications_and_health_ask_nobody_who_they_are()
    {
        await using var door = await Door.OpenAsync("Production");

        (await door.GetAsync("/health/live")).Text.ShouldBe("live");
        using var body = new StringContent("not xml");
        (await door.SendAsync(HttpMethod.Post, "/notify/swiftpass/DEVMERCH", token: null, body)).Text.ShouldBe("fail");
    }

    private static async Task<Answer> AskUntilRefusedAsync(Func<Task<Answer>> ask)
    {
        for (var asked = 0; asked < 100; asked++)
        {
            if (await ask() is { Status: HttpStatusCode.TooManyRequests } refused)
                return refused;
        }

        throw new InvalidOperationException("100 requests were all served.");
    }

    private static void Breaks(WebApplication app)
    {
        app.MapGet("/api/breaks", string () => throw new InvalidOperationException("a secret of the machine room")).Allow(Role.Operator);
        app.MapGet("/api/storage-says-no", string () => throw new RequestFailedException(400, "a key that is none")).Allow(Role.Operator);
        app.MapGet("/api/storage-is-away", string () => throw new RequestFailedException(503, "busy")).Allow(Role.Operator);
    }
}
