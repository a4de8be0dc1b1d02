using System.Collections.Concurrent;
using System.Net.Http.Json;
using CanteenPay.BankSimulator;
using CanteenPay.Channels.SwiftPass;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Channels.Tests;

/// <summary>The real adapter against a bank that shares no code with it, over loopback HTTP, by MD5 and by RSA.</summary>
public sealed class BankCompatibilityTests : IAsyncLifetime
{
    private const string NastyName = "老王 & 儿子 <食堂> ]]>";

    private readonly ConcurrentQueue<byte[]> _notifications = new();
    private readonly HttpClient _http = new(SwiftPassChannel.CreateHandler());
    private SwiftPassChannel _channel = null!;
    private WebApplication _bank = null!;
    private WebApplication _merchant = null!;

    public async Task InitializeAsync()
    {
        // 5 minutes become 3 s, a refund 30 ms.
        _bank = Bank.Build(
            [
                "--urls", "http://127.0.0.1:0", "--TimeScale", "0.01",
                $"--Merchants:{Accounts.MerchantId}:Name={NastyName}",
                $"--Merchants:RSA1:Name={NastyName}",
                $"--Merchants:RSA1:MerchantPublicKeyPem={Accounts.MerchantKey.ExportSubjectPublicKeyInfoPem()}",
                $"--Merchants:RSA1:PlatformPrivateKeyPem={Accounts.PlatformKey.ExportPkcs8PrivateKeyPem()}",
            ],
            builder => builder.Logging.ClearProviders());
        await _bank.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _merchant = builder.Build();
        _channel = new SwiftPassChannel(_http, new SwiftPassOptions { Timeout = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        _merchant.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _notifications.Enqueue(body.ToArray());
            await context.Response.WriteAsync(_channel.NotificationReply(accepted: true));
        });
        await _merchant.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _bank.DisposeAsync();
        await _merchant.DisposeAsync();
        _http.Dispose();
    }

    public static TheoryData<string> SignTypes { get; } = ["MD5", "RSA"];

    [Theory]
    [MemberData(nameof(SignTypes))]
    public async Task An_order_goes_from_QR_to_paid_to_notified_to_refunded(string signType)
    {
        var (account, order) = (Account(signType), Create());

        var qr = (await _channel.CreateQrOrderAsync(account, order, default)).ShouldBeOfType<CreateOutcome.Created>().QrText;
        (await _channel.QueryAsync(account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Waiting>().Code.ShouldBe("NOTPAY");
        using (var pay = await _http.PostAsync(qr, new FormUrlEncodedContent([new("wallet", "alipay"), new("do", "pay")])))
            ((int)pay.StatusCode).ShouldBe(302);

        var paid = (await _channel.QueryAsync(account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Paid>().Facts;
        paid.AmountFen.ShouldBe(order.AmountFen);
        paid.MerchantId.ShouldBe(account.MerchantId);
        paid.OrderNo.ShouldBe(order.OrderNo);
        paid.Currency.ShouldBe("CNY");
        paid.Wallet.ShouldBe(Wallet.Alipay);
        paid.Refunded.ShouldBeFalse();
        paid.Attach.ShouldBe(order.Attach);

        await Until(() => !_notifications.IsEmpty);
        _notifications.TryPeek(out var body).ShouldBeTrue();
        _channel.ReadNotification(account, body).ShouldBe(new NotificationOutcome.Paid(paid));

        var refund = Orders.Refund(order.OrderNo);
        (await _channel.QueryRefundAsync(account, refund, default)).ShouldBeOfType<RefundOutcome.NotFound>();
        (await _channel.RefundAsync(account, refund, default)).ShouldBeOfType<RefundOutcome.Waiting>();
        RefundOutcome outcome = null!;
        await Until(async () => (outcome = await _channel.QueryRefundAsync(account, refund, default)).Answer is not ChannelAnswer.Waiting);
        var refunded = outcome.ShouldBeOfType<RefundOutcome.Refunded>().Facts;
        refunded.RefundFen.ShouldBe(250);
        refunded.RefundedAt.ShouldNotBeNull();
        (await _channel.QueryAsync(account, order.OrderNo, default)).ShouldBe(new PaymentOutcome.Paid(paid with { Refunded = true }));
        (await _channel.RefundAsync(account, Orders.Refund(order.OrderNo, fen: 1250, refundNo: "R9"), default)).ShouldBeOfType<RefundOutcome.Refused>();
    }

    [Theory]
    [MemberData(nameof(SignTypes))]
    public async Task A_second_order_of_one_number_is_a_duplicate_without_a_QR(string signType)
    {
        var (account, order) = (Account(signType), Create());
        await _channel.CreateQrOrderAsync(account, order, default);

        (await _channel.CreateQrOrderAsync(account, order, default)).ShouldBeOfType<CreateOutcome.DuplicateOrderNumber>().Code.ShouldBe("INVALID_REQUEST");
    }

    [Fact]
    public async Task An_order_cannot_be_closed_at_once_then_it_can_and_nobody_pays_it_any_more()
    {
        var (account, order) = (Account("MD5"), Create());
        var qr = (await _channel.CreateQrOrderAsync(account, order, default)).ShouldBeOfType<CreateOutcome.Created>().QrText;

        (await _channel.CloseAsync(account, order.OrderNo, default)).ShouldBeOfType<CloseOutcome.StillOpen>();
        CloseOutcome outcome = null!;
        await Until(async () => (outcome = await _channel.CloseAsync(account, order.OrderNo, default)).Answer is not ChannelAnswer.Waiting);
        outcome.ShouldBeOfType<CloseOutcome.Closed>();
        (await _channel.CloseAsync(account, order.OrderNo, default)).ShouldBeOfType<CloseOutcome.Closed>("closing twice is closed");

        using var pay = await _http.PostAsync(qr, new FormUrlEncodedContent([new("wallet", "wechat"), new("do", "pay")]));
        (await _channel.QueryAsync(account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.NotPaid>().Code.ShouldBe("CLOSED");
    }

    [Fact]
    public async Task A_paid_order_cannot_be_closed_and_an_unknown_one_is_not_found()
    {
        var (account, order) = (Account("MD5"), Create());
        await _channel.CreateQrOrderAsync(account, order, default);
        using (var pay = await _http.PostAsync($"{_bank.Urls.Single()}/control/orders/{order.OrderNo}/pay", JsonContent.Create(new { wallet = "wechat" })))
            pay.EnsureSuccessStatusCode();

        (await _channel.CloseAsync(account, order.OrderNo, default)).ShouldBeOfType<CloseOutcome.AlreadyPaid>();
        (await _channel.QueryAsync(account, "NOSUCHORDER", default)).ShouldBeOfType<PaymentOutcome.NotFound>();
        (await _channel.CloseAsync(account, "NOSUCHORDER", default)).ShouldBeOfType<CloseOutcome.NotFound>();
    }

    [Fact]
    public async Task A_wrong_key_is_an_error_of_the_channel_and_says_nothing_about_the_order()
    {
        var outcome = await _channel.QueryAsync(Account("MD5") with { Key = "wrong" }, Orders.No, default);

        outcome.ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.ChannelError);
    }

    private ChannelAccount Account(string signType) => signType == "MD5"
        ? Accounts.Md5(_bank.Urls.Single() + "/pay/gateway")
        : Accounts.Rsa(_bank.Urls.Single() + "/pay/gateway") with { MerchantId = "RSA1" };

    private CreateQrOrder Create() => Orders.Create(Guid.NewGuid().ToString("N").ToUpperInvariant()) with
    {
        Body = "午餐 A&B <3 ]]>",
        Attach = "k=1&n=汇付天下]]>",
        NotifyUrl = _merchant.Urls.Single() + "/notify/swiftpass/1",
        StartedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(5),
    };

    private static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
            await pace.WaitForNextTickAsync(deadline.Token);
    }
}
