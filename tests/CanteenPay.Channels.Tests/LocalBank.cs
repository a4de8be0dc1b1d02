using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CanteenPay.BankSimulator;
using CanteenPay.Channels.SwiftPass;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Channels.Tests;

/// <summary>A bank that shares no code with the adapter, a merchant that it notifies, and the adapter between them, over loopback HTTP.</summary>
internal sealed class LocalBank : IAsyncDisposable
{
    public const string NastyName = "老王 & 儿子 <食堂> ]]>";

    private readonly HttpClient _gateway = new(SwiftPassChannel.CreateHandler());
    private readonly WebApplication _bank;
    private readonly WebApplication _merchant;

    private LocalBank(WebApplication bank, WebApplication merchant, TimeSpan timeout)
    {
        (_bank, _merchant) = (bank, merchant);
        Channel = new SwiftPassChannel(_gateway, new SwiftPassOptions { Timeout = timeout }, TimeProvider.System);
        Url = bank.Urls.Single();
        NotifyUrl = merchant.Urls.Single() + "/notify/swiftpass/1";
    }

    public SwiftPassChannel Channel { get; }

    /// <summary>A phone, or somebody at the bank's control page.</summary>
    public HttpClient Http { get; } = new(SwiftPassChannel.CreateHandler());

    public string Url { get; }

    public string NotifyUrl { get; }

    public ConcurrentQueue<byte[]> Notifications { get; private init; } = new();

    /// <param name="timeScale">5 minutes become 300 s times this.</param>
    /// <param name="timeout">How long the adapter waits for an answer.</param>
    public static async Task<LocalBank> StartAsync(double timeScale, TimeSpan timeout)
    {
        var bank = Bank.Build(
            [
                "--urls", "http://127.0.0.1:0", "--TimeScale", $"{timeScale}",
                $"--Merchants:{Accounts.MerchantId}:Name={NastyName}",
                $"--Merchants:RSA1:Name={NastyName}",
                $"--Merchants:RSA1:MerchantPublicKeyPem={Accounts.MerchantKey.ExportSubjectPublicKeyInfoPem()}",
                $"--Merchants:RSA1:PlatformPrivateKeyPem={Accounts.PlatformKey.ExportPkcs8PrivateKeyPem()}",
            ],
            builder => builder.Logging.ClearProviders());
        await bank.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var merchant = builder.Build();
        var notifications = new ConcurrentQueue<byte[]>();
        merchant.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            notifications.Enqueue(body.ToArray());
            await context.Response.WriteAsync("success");
        });
        await merchant.StartAsync();
        return new LocalBank(bank, merchant, timeout) { Notifications = notifications };
    }

    public ChannelAccount Account(string signType) => signType == "MD5"
        ? Accounts.Md5(Url + "/pay/gateway")
        : Accounts.Rsa(Url + "/pay/gateway") with { MerchantId = "RSA1" };

    /// <summary>A new order that the bank will notify.</summary>
    public CreateQrOrder Create() => Orders.Create(Guid.NewGuid().ToString("N").ToUpperInvariant()) with
    {
        Body = "午餐 A&B <3 ]]>",
        Attach = "k=1&n=汇付天下]]>",
        NotifyUrl = NotifyUrl,
        StartedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5),
    };

    /// <summary>A diner pays.</summary>
    public async Task PayAsync(string orderNo)
    {
        using var pay = await Http.PostAsync($"{Url}/control/orders/{orderNo}/pay", JsonContent.Create(new { wallet = "wechat" }));
        pay.EnsureSuccessStatusCode();
    }

    /// <summary>The bank's faults: for all orders, or for one.</summary>
    public async Task ChaosAsync(object settings, string? orderNo = null)
    {
        using var answer = orderNo is null
            ? await Http.PutAsync($"{Url}/control/chaos", JsonContent.Create(settings))
            : await Http.PostAsync($"{Url}/control/orders/{orderNo}/chaos", JsonContent.Create(settings));
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the bank's book holds; null when there is no such order.</summary>
    public async Task<JsonNode?> TruthAsync(string orderNo)
    {
        using var answer = await Http.GetAsync($"{Url}/control/orders/{orderNo}");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonNode>() : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _bank.DisposeAsync();
        await _merchant.DisposeAsync();
        _gateway.Dispose();
        Http.Dispose();
    }
}
