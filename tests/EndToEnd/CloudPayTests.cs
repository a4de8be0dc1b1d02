using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>
/// The main job on real parts: keys are pressed on the machine's page in Chromium, the QR in its picture is read by a camera's software, a phone's page pays at
/// the bank, and the machine says so.
/// </summary>
public sealed class CloudPayTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const float Patience = 20_000;

    private LocalStack _stack = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _stack = await LocalStack.StartAsync();
    }

    public async Task DisposeAsync()
    {
        output.WriteLine(_stack?.Output ?? "the stack did not start");
        await _browser.DisposeAsync();
        if (_stack is not null)
            await _stack.DisposeAsync();
    }

    [Fact]
    public async Task A_diner_pays_by_Alipay_and_the_machine_shows_and_says_it()
    {
        var screen = await OpenScreenAsync();
        await Pictures.TakeAsync(screen, "idle");
        var qr = await ShowQrAsync(screen, "12.50");
        await Pictures.TakeAsync(screen, "qr");

        await PayAsync(qr, Browser.Alipay, picture: "phone-alipay");

        await Assertions.Expect(screen.Locator("#result")).ToHaveTextAsync("支付成功 ¥12.50", new() { Timeout = Patience });
        await Pictures.TakeAsync(screen, "paid");
        (await HeardAsync()).ShouldBe(Wav.Join("alipay", "10", "2", "point", "5", "yuan"), "支付宝收款十二点五元");
        await OrderIsAsync("Paid", "Alipay");
    }

    [Fact]
    public async Task A_diner_pays_by_WeChat_while_no_notification_comes_and_polling_alone_finds_it()
    {
        await _stack.SwitchNotificationsAsync(enabled: false);
        var screen = await OpenScreenAsync();
        var qr = await ShowQrAsync(screen, "8");

        await PayAsync(qr, Browser.WeChat, picture: "phone-wechat");

        await Assertions.Expect(screen.Locator("#result")).ToHaveTextAsync("支付成功 ¥8.00", new() { Timeout = Patience });
        (await HeardAsync()).ShouldBe(Wav.Join("wechat", "8", "yuan"));
        (await InvocationsAsync("Notify")).ShouldBe(0);
        await OrderIsAsync("Paid", "WeChat");
    }

    [Fact]
    public async Task A_diner_pays_by_WeChat_while_polls_are_held_and_the_notification_alone_tells_it()
    {
        await _stack.HoldAsync("payment-polls");
        var screen = await OpenScreenAsync();
        var qr = await ShowQrAsync(screen, "0.05");

        await PayAsync(qr, Browser.WeChat);

        await Assertions.Expect(screen.Locator("#result")).ToHaveTextAsync("支付成功 ¥0.05", new() { Timeout = Patience });
        (await HeardAsync()).ShouldBe(Wav.Join("wechat", "0", "point", "0", "5", "yuan"));
        (await InvocationsAsync("PaymentPoll")).ShouldBe(0);
        await OrderIsAsync("Paid", "WeChat");
    }

    [Fact]
    public async Task A_diner_who_pays_after_the_cashier_cancelled_is_shown_as_the_previous_payment_and_the_next_QR_stays()
    {
        var screen = await OpenScreenAsync();
        var first = await ShowQrAsync(screen, "5");
        await screen.ClickAsync("button[data-key=cancel]");
        await Assertions.Expect(screen.Locator("#previous")).ToContainTextAsync("5.00", new() { Timeout = Patience });
        await ShowQrAsync(screen, "7");

        await PayAsync(first, Browser.Alipay);

        await Assertions.Expect(screen.Locator("#previous")).ToContainTextAsync("支付成功", new() { Timeout = Patience });
        await Assertions.Expect(screen.Locator("#state")).ToHaveAttributeAsync("data-state", "qr");
        (await HeardAsync()).ShouldBe(Wav.Join("previous", "alipay", "5", "yuan"));
        await Pictures.TakeAsync(screen, "previous");
    }

    private async Task<IPage> OpenScreenAsync()
    {
        var screen = await _browser.OpenScreenAsync(_stack.Screen);
        await Assertions.Expect(screen.Locator("#connection")).ToContainTextAsync("已连接", new() { Timeout = Patience });
        return screen;
    }

    private static async Task<string> ShowQrAsync(IPage screen, string amount)
    {
        foreach (var key in amount)
            await screen.ClickAsync($"button[data-key=\"{(key == '.' ? "dot" : key)}\"]");
        await screen.ClickAsync("button[data-key=pay]");
        await Assertions.Expect(screen.Locator("#qr svg")).ToBeVisibleAsync(new() { Timeout = Patience });
        var picture = Path.Combine(Path.GetTempPath(), $"canteenpay-{Guid.NewGuid():N}.png");
        try
        {
            await screen.ScreenshotAsync(new() { Path = picture });
            var text = await Browser.DecodeQrAsync(picture);
            text.ShouldStartWith("http", customMessage: "a camera must be able to read the QR on the screen");
            return text;
        }
        finally
        {
            File.Delete(picture);
        }
    }

    private async Task PayAsync(string qr, string wallet, string? picture = null)
    {
        var phone = await _browser.OpenPhoneAsync(qr, wallet);
        if (picture is not null)
            await Pictures.TakeAsync(phone, picture);
        await phone.ClickAsync("#pay");
        await Assertions.Expect(phone.Locator("#result")).ToContainTextAsync("成功", new() { Timeout = Patience });
    }

    /// <summary>The sound that the machine serves with what it shows now.</summary>
    private async Task<byte[]> HeardAsync()
    {
        JsonNode? utterance = null;
        await Eventually.TrueAsync(
            async () => (utterance = JsonNode.Parse(await _stack.Http.GetStringAsync(new Uri(_stack.Screen, "/view")))!["utterance"]) is not null,
            TimeSpan.FromSeconds(10),
            () => "the machine says nothing");
        return await _stack.Http.GetByteArrayAsync(new Uri(_stack.Screen, utterance!["url"]!.GetValue<string>()));
    }

    private async Task<int> InvocationsAsync(string function) => (await _stack.StatusAsync())["functions"]!["functions"]!.AsArray()
        .Single(row => row!["name"]!.GetValue<string>() == function)!["invocations"]!.GetValue<int>();

    private async Task OrderIsAsync(string state, string wallet)
    {
        var bank = JsonNode.Parse(await _stack.Http.GetStringAsync(new Uri(_stack.Bank, "/control/orders")))!.AsArray().ShouldHaveSingleItem()!;
        var order = await _stack.OrderAsync(bank["outTradeNo"]!.GetValue<string>());
        order["state"]!.GetValue<string>().ShouldBe(state);
        order["wallet"]!.GetValue<string>().ShouldBe(wallet);
    }
}
