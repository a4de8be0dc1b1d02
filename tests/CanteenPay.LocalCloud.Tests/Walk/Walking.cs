using System.Net;
using System.Text.Json;
using CanteenPay.LocalCloud.Http;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Walk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.LocalCloud.Tests.Walk;

public sealed class Walking : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("walk-").FullName;
    private readonly List<string> _asked = [];
    private readonly Queue<(int Status, string Body)> _answers = new();
    private WebApplication _app = null!;

    private string File => WalkFile.Of(_folder);

    public async Task InitializeAsync() => _app = await LocalServer.StartAsync(
        "app", 0, NullLoggerFactory.Instance, server => server.Run(AnswerAsync), CancellationToken.None);

    [Fact]
    public async Task Steps_are_taken_in_order_with_keys_and_tokens_and_later_ones_have_what_earlier_answers_said()
    {
        Answers(200, """{"accountId":"A1B2C3D4"}""");

        var kept = await WalkAsync(
            Step("/api/accounts", "open-1", """{"name":"Wang","by":"{persona:operator}"}""", keep: "accountId") with { As = "operator" },
            Step("/api/accounts/{one}/topups", "topup-1", """{"amount":100,"for":["{one}"]}"""));

        _asked.ShouldBe(
        [
            """POST /api/accounts open-1 Bearer token-of-operator {"name":"Wang","by":"0-1"}""",
            """POST /api/accounts/A1B2C3D4/topups topup-1 {"amount":100,"for":["A1B2C3D4"]}""",
        ]);
        kept.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("one", "A1B2C3D4"));
    }

    [Fact]
    public async Task A_walk_that_is_over_asks_nothing_again_and_what_it_kept_is_still_known()
    {
        Answers(200, """{"accountId":"A1B2C3D4"}""");
        WalkStep[] steps = [Step("/api/accounts", "open-1", "{}", keep: "accountId")];
        await WalkAsync(steps);

        (await WalkAsync(steps))["one"].ShouldBe("A1B2C3D4");

        _asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_walk_that_broke_off_goes_on_with_the_step_at_which_it_broke_off()
    {
        Answers(200, """{"accountId":"A1B2C3D4"}""");
        Answers(422, "not like this");
        WalkStep[] steps = [Step("/api/accounts", "open-1", "{}", keep: "accountId"), Step("/api/accounts/{one}/topups", "topup-1", "{}")];
        await Should.ThrowAsync<LocalCloudException>(() => WalkAsync(steps));

        await WalkAsync(steps);

        _asked.ShouldBe(["POST /api/accounts open-1 {}", "POST /api/accounts/A1B2C3D4/topups topup-1 {}", "POST /api/accounts/A1B2C3D4/topups topup-1 {}"]);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task An_app_that_cannot_now_is_asked_again_with_the_same_key(int status)
    {
        Answers(status, "busy");

        await WalkAsync(Step("/api/rules", "rules", "{}"));

        _asked.ShouldBe(["POST /api/rules rules {}", "POST /api/rules rules {}"]);
    }

    [Fact]
    public async Task What_others_decide_is_waited_for()
    {
        Answers(200, """{"state":"withBank","version":3}""");
        Answers(200, """{"state":"approved","version":3}""");

        await WalkAsync(new WalkStep("GET", "/api/applications/1", "decided", Until: new Dictionary<string, string> { ["state"] = "approved", ["version"] = "3" }));

        _asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_picture_is_drawn_and_sent_as_what_it_is()
    {
        await WalkAsync(new WalkStep("PUT", "/api/documents/licence", "picture", Picture: "licence"));

        _asked.ShouldBe(["PUT /api/documents/licence picture image/png"]);
    }

    [Theory]
    [InlineData(422, """{"errors":{"name":["too long"]}}""", "too long")]
    [InlineData(200, """{"id":7}""", "accountId")]
    [InlineData(200, "no JSON", "accountId")]
    public async Task What_cannot_be_used_ends_the_start_in_words(int status, string answer, string words)
    {
        Answers(status, answer);

        var refused = await Should.ThrowAsync<LocalCloudException>(() => WalkAsync(Step("/api/accounts", "open-1", "{}", keep: "accountId")));

        refused.Message.ShouldContain("POST /api/accounts");
        refused.Message.ShouldContain(words);
        _asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_that_says_that_it_is_done_already_is_in_order()
    {
        Answers(409, "changed by somebody else");

        await WalkAsync(Step("/api/rules", "rules", "{}") with { Settled = [409] }, Step("/api/accounts", "open-1", "{}"));

        _asked.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("/api/{two}", "{functions}", null, "{two}")]
    [InlineData("/api/x", "{postman}", null, "{postman}")]
    [InlineData("/api/x", "{functions}", "passport", "passport")]
    public async Task What_the_config_names_and_nobody_knows_is_named(string path, string to, string? picture, string named) =>
        (await Should.ThrowAsync<LocalCloudException>(() => WalkAsync(Step(path, "key", "{}") with { To = to, Picture = picture }))).Message.ShouldContain(named);

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Answers(int status, string body) => _answers.Enqueue((status, body));

    private async Task<IReadOnlyDictionary<string, string>> WalkAsync(params WalkStep[] steps)
    {
        var placeholders = new Placeholders(new Dictionary<string, string> { ["persona:operator"] = "0-1", ["functions"] = _app.Urls.Single() });
        using var walker = new Walker(File, persona => $"token-of-{persona}", placeholders, TimeProvider.System);
        return await walker.WalkAsync(steps, CancellationToken.None);
    }

    private static WalkStep Step(string path, string key, string body, string? keep = null) => new(
        "POST", path, key, JsonSerializer.Deserialize<JsonElement>(body), keep is null ? null : new Dictionary<string, string> { ["one"] = keep });

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        string[] said =
        [
            context.Request.Method, context.Request.Path.Value!, context.Request.Headers["Idempotency-Key"].ToString(), context.Request.Headers.Authorization.ToString(),
            context.Request.ContentType is "image/png" ? context.Request.ContentType : text,
        ];
        _asked.Add(string.Join(' ', said.Where(part => part.Length > 0)));
        var (status, answer) = _answers.TryDequeue(out var next) ? next : ((int)HttpStatusCode.OK, "{}");
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer);
    }
}
