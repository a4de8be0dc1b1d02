using System.Net;
using System.Text.Json;
using CanteenPay.LocalCloud.Http;
using CanteenPay.LocalCloud.Seed;
using CanteenPay.LocalCloud.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.LocalCloud.Tests.Seed;

public sealed class App_requests : IAsyncLifetime
{
    private readonly List<string> _asked = [];
    private readonly Queue<(int Status, string Body)> _answers = new();
    private WebApplication _app = null!;

    public async Task InitializeAsync() => _app = await LocalServer.StartAsync(
        "app", 0, NullLoggerFactory.Instance, server => server.Run(AnswerAsync), CancellationToken.None);

    [Fact]
    public async Task They_are_sent_in_order_with_their_keys_and_a_later_path_has_what_an_earlier_answer_said()
    {
        Answers(200, """{"accountId":"A1B2C3D4"}""");

        await SendAsync(Request("/api/accounts", "open-1", """{"name":"Wang"}""", keep: "accountId"), Request("/api/accounts/{one}/topups", "topup-1", """{"amount":100}"""));

        _asked.ShouldBe(["""POST /api/accounts open-1 {"name":"Wang"}""", """POST /api/accounts/A1B2C3D4/topups topup-1 {"amount":100}"""]);
    }

    [Fact]
    public async Task An_error_of_the_app_is_asked_again_with_the_same_key()
    {
        Answers(503, "busy");

        await SendAsync(Request("/api/rules", "rules", "{}"));

        _asked.ShouldBe(["POST /api/rules rules {}", "POST /api/rules rules {}"]);
    }

    [Theory]
    [InlineData(422, """{"errors":{"name":["too long"]}}""", "too long")]
    [InlineData(200, """{"accountId":7}""", "accountId")]
    [InlineData(200, "no JSON", "accountId")]
    public async Task What_cannot_be_used_ends_the_start_in_words(int status, string answer, string words)
    {
        Answers(status, answer);

        var refused = await Should.ThrowAsync<LocalCloudException>(() => SendAsync(Request("/api/accounts", "open-1", "{}", keep: "accountId")));

        refused.Message.ShouldContain("POST /api/accounts");
        refused.Message.ShouldContain(words);
        _asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_that_says_that_it_was_changed_since_is_in_order()
    {
        Answers(409, "changed by somebody else");

        await SendAsync(Request("/api/rules", "rules", "{}") with { Settled = [409] }, Request("/api/accounts", "open-1", "{}"));

        _asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_path_with_what_nothing_kept_is_named() =>
        (await Should.ThrowAsync<LocalCloudException>(() => SendAsync(Request("/api/{two}", "key", "{}")))).Message.ShouldContain("{two}");

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    private void Answers(int status, string body) => _answers.Enqueue((status, body));

    private async Task SendAsync(params AppRequest[] all)
    {
        using var requests = new AppRequests(_app.Urls.Single(), TimeProvider.System);
        await requests.SendAsync(all, CancellationToken.None);
    }

    private static AppRequest Request(string path, string key, string body, string? keep = null) => new(
        "POST", path, key, JsonSerializer.Deserialize<JsonElement>(body), keep is null ? null : new Dictionary<string, string> { ["one"] = keep });

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = JsonSerializer.Deserialize<JsonElement>(await reader.ReadToEndAsync());
        _asked.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers["Idempotency-Key"]} {body}");
        var (status, answer) = _answers.TryDequeue(out var next) ? next : ((int)HttpStatusCode.OK, "{}");
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer);
    }
}
