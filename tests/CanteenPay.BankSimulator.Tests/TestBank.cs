using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanteenPay.BankSimulator.Tests;

/// <summary>A bank in this process with a clock that the test moves.</summary>
internal sealed class TestBank : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestBank(WebApplication app, ManualTime time, HttpClient http)
    {
        _app = app;
        Time = time;
        Http = http;
    }

    public ManualTime Time { get; }

    /// <summary>A phone or a merchant's system; redirects are for the caller to follow.</summary>
    public HttpClient Http { get; }

    public MerchantSystem Merchant { get; set; } = new();

    public static async Task<TestBank> StartAsync(params string[] args)
    {
        var (app, time) = await StartAsync(args, builder => builder.WebHost.UseTestServer());
        return new TestBank(app, time, app.GetTestClient());
    }

    /// <summary>A bank that listens on loopback: for what only a real connection shows.</summary>
    public static async Task<TestBank> ListenAsync(params string[] args)
    {
        var (app, time) = await StartAsync(["--urls", "http://127.0.0.1:0", .. args], _ => { });
        return new TestBank(app, time, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) });
    }

    /// <summary>Posts a request of the merchant and gives the verified answer.</summary>
    public async Task<Dictionary<string, string>> AskAsync(string service, params (string Name, string Value)[] fields) =>
        Merchant.Verified(await PostAsync("/pay/gateway", Merchant.Request(service, fields)));

    public async Task<string> PostAsync(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var response = await Http.PostAsync(path, content);
        response.EnsureSuccessStatusCode();
        // Not as a string at once: that would drop a byte order mark.
        return Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>What a request of the merchant gets to see: status and text; null when the connection is cut.</summary>
    public async Task<(int Status, string Text)?> TryAskAsync(string service, params (string Name, string Value)[] fields)
    {
        using var content = new ByteArrayContent(Merchant.Request(service, fields));
        try
        {
            using var response = await Http.PostAsync("/pay/gateway", content);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Sets faults for all orders, or for one, or for the next.</summary>
    public async Task ChaosAsync(object settings, string? order = null)
    {
        using var response = order is null
            ? await Http.PutAsync("/control/chaos", JsonContent.Create(settings))
            : await Http.PostAsync($"/control/orders/{order}/chaos", JsonContent.Create(settings));
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }

    /// <summary>How often a fault happened.</summary>
    public async Task<long> DoneAsync(string fault) => (await Http.GetFromJsonAsync<JsonNode>("/control/chaos"))!["done"]![fault]!.GetValue<long>();

    public Task<Dictionary<string, string>> RefundAsync(string order, string number, long fen) => AskAsync(
        "unified.trade.refund", ("out_trade_no", order), ("out_refund_no", number), ("total_fee", "1250"), ("refund_fee", $"{fen}"), ("op_user_id", "1"));

    public Task<Dictionary<string, string>> CloseAsync(string order) => AskAsync("unified.trade.close", ("out_trade_no", order));

    /// <summary>The fields of a create of ¥12.50; the later ones win.</summary>
    public static (string Name, string Value)[] Order(string outTradeNo, params (string Name, string Value)[] fields) =>
    [
        ("out_trade_no", outTradeNo), ("body", "午餐"), ("total_fee", "1250"), ("mch_create_ip", "10.0.0.7"), ("notify_url", "http://127.0.0.1"), .. fields,
    ];

    /// <summary>Creates an order of ¥12.50 and gives the path of its pay page.</summary>
    public async Task<string> CreateAsync(string outTradeNo, params (string Name, string Value)[] fields)
    {
        var answer = await AskAsync("unified.trade.native", Order(outTradeNo, fields));
        answer["result_code"].ShouldBe("0", answer.GetValueOrDefault("err_msg"));
        return new Uri(answer["code_url"]).AbsolutePath;
    }

    public async Task PayAsync(string outTradeNo, string wallet = "alipay")
    {
        using var response = await Http.PostAsync($"/control/orders/{outTradeNo}/pay", JsonContent.Create(new { wallet }));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The status of a GET that comes from this address.</summary>
    public async Task<int> StatusFromAsync(IPAddress from, string path) => (await _app.GetTestServer().SendAsync(context =>
    {
        context.Connection.RemoteIpAddress = from;
        context.Request.Method = "GET";
        context.Request.Path = path;
    })).Response.StatusCode;

    public async Task<string> StateAsync(string outTradeNo) => (await AskAsync("unified.trade.query", ("out_trade_no", outTradeNo)))["trade_state"];

    public async Task<JsonNode> OrderAsync(string outTradeNo) => (await Http.GetFromJsonAsync<JsonNode>($"/control/orders/{outTradeNo}"))!;

    /// <summary>What came of each try to notify, once there are as many as expected.</summary>
    public async Task<string[]> AttemptsAsync(string outTradeNo, int count)
    {
        string[] outcomes = [];
        await Wait.Until(async () =>
        {
            outcomes = [.. (await OrderAsync(outTradeNo))["notifications"]!.AsArray().Select(n => n!["outcome"]!.GetValue<string>())];
            return outcomes.Length >= count;
        });
        return outcomes;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<(WebApplication App, ManualTime Time)> StartAsync(string[] args, Action<WebApplicationBuilder> configure)
    {
        var time = new ManualTime();
        var app = Bank.Build(args, builder =>
        {
            configure(builder);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<TimeProvider>(time);
        });
        await app.StartAsync();
        return (app, time);
    }
}
