using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Tests.Settlement.Exports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Functions.Tests.Settlement.Delivery;

/// <summary>What goes to finance's system and what of its answer counts, over a real server.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"eventId":"e","name":"食堂"}""");

    private readonly FakeClock _clock = new(World.Noon);
    private readonly HttpClient _http = new(Webhook.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<string> _asked = [];
    private WebApplication _finance = null!;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _finance = builder.Build();
        _finance.Run(http =>
        {
            _asked.Add(http.Request.Path);
            return _answer(http);
        });
        await _finance.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _finance.DisposeAsync();
    }

    [Fact]
    public async Task What_is_sent_can_be_proved_to_be_ours_and_of_now()
    {
        var verified = false;
        _answer = async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var timestamp = http.Request.Headers[Webhook.TimestampHeader].ToString();
            // As the README tells a receiver to do it.
            byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp + "."), .. body.ToArray()];
            var expected = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(ExportDesk.Settings.Secret, signed));
            verified = body.ToArray().SequenceEqual(Body) && http.Request.Headers[Webhook.SignatureHeader] == expected && http.Request.Headers[Webhook.EventHeader] == "e"
                && timestamp == World.Noon.ToUnixTimeSeconds().ToString() && http.Request.ContentType == "application/json" && http.Request.Method == "POST";
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        };

        (await PostAsync()).ShouldBeNull();

        verified.ShouldBeTrue();
    }

    [Theory]
    [InlineData(StatusCodes.Status500InternalServerError)]
    [InlineData(StatusCodes.Status404NotFound)]
    [InlineData(StatusCodes.Status304NotModified)]
    public async Task Only_a_status_of_success_is_taken_for_one(int status)
    {
        _answer = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        (await PostAsync()).ShouldNotBeNull().ShouldContain($"{status}");
    }

    [Fact]
    public async Task Nobody_is_followed_anywhere_else()
    {
        _answer = http =>
        {
            http.Response.Redirect($"{_finance.Urls.Single()}/elsewhere");
            return Task.CompletedTask;
        };

        (await PostAsync()).ShouldNotBeNull().ShouldContain("302");

        _asked.ShouldBe(["/hook"]);
    }

    [Fact]
    public async Task Whoever_is_not_there_or_never_answers_is_given_up()
    {
        _answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        // By this clock, waits are over at once.
        (await PostAsync(_clock)).ShouldNotBeNull().ShouldContain("10 s");
        (await PostAsync(url: $"http://127.0.0.1:{FreePort()}/hook")).ShouldNotBeNull().ShouldContain("not reached");
    }

    [Fact]
    public async Task Of_an_answer_without_end_only_the_beginning_is_read()
    {
        _answer = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.WriteAsync("no\r\n", http.RequestAborted);
        };

        (await PostAsync()).ShouldNotBeNull().Length.ShouldBeLessThan(1_100);
    }

    [Theory]
    [InlineData("http://finance.example.com/hook", "0123456789abcdef0123456789abcdef")]
    [InlineData("https://finance.example.com/hook", "short")]
    [InlineData("https://finance.example.com/hook", null)]
    public void A_setting_that_would_not_be_safe_is_refused_at_the_start(string url, string? secret)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Finance:WebhookUrl"] = url, ["Finance:WebhookSecret"] = secret }).Build();

        Should.Throw<SettingException>(() => FinanceSettings.Read(configuration));
    }

    private Task<string?> PostAsync(TimeProvider? clock = null, string? url = null) => new Webhook(
        _http, ExportDesk.Settings with { Webhook = new(url ?? $"{_finance.Urls.Single()}/hook") }, clock ?? new LastingWaits(_clock)).PostAsync("e", Body, CancellationToken.None);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
