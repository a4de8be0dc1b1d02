using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Tests.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace CanteenPay.Functions.Tests.Audit;

/// <summary>What people change stands in the audit, whatever came of it.</summary>
public sealed class AuditedRequestTests : IAsyncLifetime
{
    private const string Path = $"/api/members/{Door.Person}";
    private const string Body = """{"name":"钱经销","distributors":["DSTR1BTR"],"merchants":[],"active":true,"version":0}""";

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
    public async Task A_change_leaves_who_asked_for_what_and_what_came_of_it_with_before_and_after()
    {
        (await PutAsync(Body)).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(Body.Replace("\"version\":0", "\"version\":1", StringComparison.Ordinal).Replace("true", "false", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.OK);

        var entries = await EntriesAsync();

        entries.Select(entry => entry["kind"]!.GetValue<string>()).ShouldBe(["Asked", "Done", "Asked", "Done"]);
        var (asked, done) = (entries[2], entries[3]);
        asked["who"]!.GetValue<string>().ShouldBe(TestTokens.Operator);
        asked["name"]!.GetValue<string>().ShouldBe("周运营");
        asked["roles"]!.GetValue<string>().ShouldBe("Operator");
        asked["what"]!.GetValue<string>().ShouldBe("PUT /api/members/{objectId}");
        asked["subject"]!.GetValue<string>().ShouldBe($"objectId={Door.Person}");
        asked["from"]!.GetValue<string>().ShouldBe("203.0.113.9");
        asked["at"]!.GetValue<DateTimeOffset>().ShouldBe(World.Noon);
        asked["body"]!.GetValue<string>().ShouldBe("""{"name":"***","distributors":["DSTR1BTR"],"merchants":[],"active":false,"version":1}""");
        done["request"]!.GetValue<string>().ShouldBe(asked["request"]!.GetValue<string>());
        done["status"]!.GetValue<int>().ShouldBe(200);
        done["before"]!.GetValue<string>().ShouldBe("""{"objectId":"***","name":"***","distributors":["DSTR1BTR"],"merchants":[],"active":true,"version":1}""");
        done["after"]!.GetValue<string>().ShouldBe("""{"objectId":"***","name":"***","distributors":["DSTR1BTR"],"merchants":[],"active":false,"version":2}""");
        done["body"].ShouldBeNull();
    }

    [Fact]
    public async Task What_was_refused_by_its_handler_is_kept_too_and_what_the_gate_refused_is_not()
    {
        (await PutAsync("""{"name":"","distributors":[],"merchants":[],"active":true,"version":0}""")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PutAsync(Body, TestTokens.Of(Door.Person, World.Noon, Role.Merchant))).ShouldBe(HttpStatusCode.Forbidden);

        var entries = await EntriesAsync();

        entries.Select(entry => entry["kind"]!.GetValue<string>()).ShouldBe(["Asked", "Refused"]);
        entries[1]["status"]!.GetValue<int>().ShouldBe(422);
    }

    [Fact]
    public async Task Reading_leaves_nothing()
    {
        await _http.GetStringAsync("/api/me");

        (await EntriesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_noted_is_not_done()
    {
        _world.Tables.BeforeOperation = operation => operation.StartsWith("Audit.", StringComparison.Ordinal) ? throw new RequestFailedException(503, "busy") : Task.CompletedTask;

        (await PutAsync(Body)).ShouldBe(HttpStatusCode.ServiceUnavailable);

        _world.Tables.BeforeOperation = null;
        (await _http.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_was_done_stays_done_although_its_outcome_cannot_be_noted()
    {
        var written = 0;
        _world.Tables.BeforeOperation = operation => operation.StartsWith("Audit.Transaction", StringComparison.Ordinal) && ++written > 1
            ? throw new RequestFailedException(503, "busy")
            : Task.CompletedTask;

        (await PutAsync(Body)).ShouldBe(HttpStatusCode.OK);

        _world.Tables.BeforeOperation = null;
        (await EntriesAsync()).Select(entry => entry["kind"]!.GetValue<string>()).ShouldBe(["Asked"]);
    }

    [Fact]
    public async Task What_broke_off_is_kept_as_broken_off()
    {
        _world.Tables.BeforeOperation = operation => operation.StartsWith("Members.Add", StringComparison.Ordinal) ? throw new RequestFailedException(500, "broke") : Task.CompletedTask;

        (await PutAsync(Body)).ShouldBe(HttpStatusCode.ServiceUnavailable);

        var entries = await EntriesAsync();
        entries.Select(entry => entry["kind"]!.GetValue<string>()).ShouldBe(["Asked", "Failed"]);
        entries[1]["status"]!.GetValue<int>().ShouldBe(503);
    }

    [Fact]
    public async Task What_was_thrown_is_kept_with_the_status_that_the_caller_got()
    {
        _world.Tables.BeforeOperation = operation => operation.StartsWith("Members.Add", StringComparison.Ordinal) ? throw new RequestFailedException(400, "our mistake") : Task.CompletedTask;

        var status = await PutAsync(Body);

        status.ShouldBe(HttpStatusCode.InternalServerError, "only storage that is away is said to be away");
        (await EntriesAsync())[1].ShouldSatisfyAllConditions(
            failed => failed["kind"]!.GetValue<string>().ShouldBe("Failed"),
            failed => failed["status"]!.GetValue<int>().ShouldBe((int)status));
    }

    [Fact]
    public async Task What_only_repeats_a_change_is_not_called_a_change()
    {
        await PutAsync(Body);
        (await PutAsync(Body)).ShouldBe(HttpStatusCode.OK);

        var entries = await EntriesAsync();

        entries[1]["after"]!.GetValue<string>().ShouldContain("DSTR1BTR");
        (entries[3]["kind"]!.GetValue<string>(), entries[3]["after"]!.GetValue<string>(), entries[3]["before"]).ShouldBe(("Done", """{"repeated":true}""", null));
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"name":"x","Name":"y","distributors":[],"merchants":[],"active":true,"version":0}""")]
    [InlineData("{")]
    public async Task What_the_audit_cannot_read_is_refused_and_nothing_is_done(string body)
    {
        (await PutAsync(body)).ShouldBe(HttpStatusCode.BadRequest);

        (await _http.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_name_with_half_a_character_is_refused_in_words()
    {
        var body = Body.Replace("钱经销", """\ud800""", StringComparison.Ordinal);

        (await PutAsync(body)).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_day_is_read_page_by_page_and_checked()
    {
        for (var change = 0; change < 101; change++)
            await PutAsync(Body);
        var first = JsonNode.Parse(await _http.GetStringAsync("/api/audit/2026-11-22"))!;
        var second = JsonNode.Parse(await _http.GetStringAsync($"/api/audit/2026-11-22?after={first["next"]}"))!;

        first["entries"]!.AsArray().Count.ShouldBe(200);
        second["entries"]!.AsArray().Count.ShouldBe(2);
        second["next"].ShouldBeNull();
        (await CheckAsync())["isWhole"]!.GetValue<bool>().ShouldBeTrue();

        await _world.Tables.GetTableClient("Audit").DeleteEntityAsync("20261122", AuditRow.Key(100));

        (await CheckAsync())["isWhole"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData("/api/audit/today")]
    [InlineData("/api/audit/2026-11-22?after=x")]
    [InlineData("/api/audit/2026-11-31/check")]
    public async Task A_day_or_a_number_that_is_none_is_said_to_be_none(string address)
    {
        using var answer = await _http.GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private async Task<HttpStatusCode> PutAsync(string body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-For", "198.51.100.1, 203.0.113.9");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<IReadOnlyList<JsonNode>> EntriesAsync() => [.. JsonNode.Parse(await _http.GetStringAsync("/api/audit/2026-11-22"))!["entries"]!.AsArray().OfType<JsonNode>()];

    private async Task<JsonNode> CheckAsync() => JsonNode.Parse(await _http.GetStringAsync("/api/audit/2026-11-22/check"))!;
}
