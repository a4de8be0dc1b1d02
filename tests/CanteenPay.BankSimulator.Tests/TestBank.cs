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

    private TestBank(WebApplication app, ManualTime time)
    {
        _app = app;
        Time = time;
        Http = app.GetTestClient();
    }

    public ManualTime Time { get; }

    /// <summary>A phone or a merchant's system; redirects are for the caller to follow.</summary>
    public HttpClient Http { get; }

    public MerchantSystem Merchant { get; } = new();

    public static async Task<TestBank> StartAsync(params string[] args)
    {
        var time = new ManualTime();
        var app = Bank.Build(args, builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<TimeProvider>(time);
        });
        await app.StartAsync();
        return new TestBank(app, time);
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

    /// <summary>Creates an order of ¥12.50 and gives the path of its pay page.</summary>
    public async Task<string> CreateAsync(string outTradeNo, params (string Name, string Value)[] fields)
    {
        (string, string)[] all =
        [
            ("out_trade_no", outTradeNo), ("body", "午餐"), ("total_fee", "1250"), ("mch_create_ip", "10.0.0.7"), ("notify_url", "http://127.0.0.1"), .. fields,
        ];
        var answer = await AskAsync("unified.trade.native", all);
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
}
