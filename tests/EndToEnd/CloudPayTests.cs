using Microsoft.Playwright;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>
/// The main job on real parts: keys are pressed on the machine's page in Chromium, the QR in its picture is read by a camera's software, a phone's page pays at
/// the bank, and the machine says so.
/// </summary>
[Collection(SharedCounter.Name)]
public sealed class CloudPayTests(SharedBrowser browser, SharedStack shared, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly LocalStack _stack = shared.Stack;
    private readonly Counter _counter = new(shared.Stack, browser.Browser);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await browser.Browser.ClosePagesAsync();
        await _stack.SwitchNotificationsAsync(enabled: true);
        await _stack.ReleaseAsync("payment-polls");
        output.WriteLine(_stack.TakeOutput());
    }

    [Fact]
    public async Task A_diner_pays_by_Alipay_and_the_machine_shows_and_says_it()
    {
        var screen = await _counter.OpenScreenAsync();
        await Pictures.TakeAsync(screen, "idle");
        var qr = await Counter.ShowQrAsync(screen, "12.50");
        await Pictures.TakeAsync(screen, "qr");

        var sound = await screen.RunAndWaitForRequestAsync(
            () => _counter.PayAsync(qr, Browser.Alipay, picture: "phone-alipay"), "**/voice/*.wav", new() { Timeout = Counter.Patience });

        (await sound.ResponseAsync())!.Status.ShouldBeInRange(200, 206, "the page itself fetches what it is told to play");
        await Counter.ShowsAsync(screen, "支付成功 ¥12.50");
        await Pictures.TakeAsync(screen, "paid");
        // 支付宝收款十二点五元
        await _counter.SaysAsync("alipay", "10", "2", "point", "5", "yuan");
        await PaymentTrace.IsMeasuredAsync(_stack);
        await PaymentTrace.IsOneTreeAsync(_stack, await _counter.OrderIsAsync("Paid", "Alipay"));
    }

    [Fact]
    public async Task A_cashier_keys_one_payment_on_the_keyboard_and_begins_the_next_by_touch()
    {
        var screen = await _counter.OpenScreenAsync();
        foreach (var key in (string[])["1", "2", ".", "5", "Enter"])
            await screen.Keyboard.PressAsync(key);

        await _counter.PayAsync(await Counter.ReadQrAsync(screen), Browser.WeChat);

        await Counter.ShowsAsync(screen, "支付成功 ¥12.50");
        await _counter.OrderIsAsync("Paid", "WeChat");
        await screen.TapAsync("button[data-key=\"7\"]");
        await Assertions.Expect(screen.Locator("#amount")).ToHaveTextAsync("7", new() { Timeout = Counter.Patience });
    }

    [Fact]
    public async Task A_diner_pays_by_WeChat_while_no_notification_comes_and_polling_alone_finds_it()
    {
        await _stack.SwitchNotificationsAsync(enabled: false);
        var screen = await _counter.OpenScreenAsync();
        var qr = await Counter.ShowQrAsync(screen, "8");
        var before = await _stack.InvocationsAsync("Notify");

        await _counter.PayAsync(qr, Browser.WeChat, picture: "phone-wechat");

        await Counter.ShowsAsync(screen, "支付成功 ¥8.00");
        await _counter.SaysAsync("wechat", "8", "yuan");
        (await _stack.InvocationsAsync("Notify")).ShouldBe(before);
        await _counter.OrderIsAsync("Paid", "WeChat");
    }

    [Fact]
    public async Task A_diner_pays_by_WeChat_while_polls_are_held_and_the_notification_alone_tells_it()
    {
        await _stack.HoldAsync("payment-polls");
        var screen = await _counter.OpenScreenAsync();
        var qr = await Counter.ShowQrAsync(screen, "0.05");
        var before = await _stack.InvocationsAsync("PaymentPoll");

        await _counter.PayAsync(qr, Browser.WeChat);

        await Counter.ShowsAsync(screen, "支付成功 ¥0.05");
        await _counter.SaysAsync("wechat", "0", "point", "0", "5", "yuan");
        (await _stack.InvocationsAsync("PaymentPoll")).ShouldBe(before);
        await _counter.OrderIsAsync("Paid", "WeChat");
    }

    [Fact]
    public async Task A_diner_who_pays_after_the_cashier_cancelled_is_shown_as_the_previous_payment_and_the_next_QR_stays()
    {
        var screen = await _counter.OpenScreenAsync();
        var first = await Counter.ShowQrAsync(screen, "5");
        await screen.ClickAsync("button[data-key=cancel]");
        await Assertions.Expect(screen.Locator("#previous")).ToContainTextAsync("5.00", new() { Timeout = Counter.Patience });
        await Counter.ShowQrAsync(screen, "7");

        await _counter.PayAsync(first, Browser.Alipay);

        await Assertions.Expect(screen.Locator("#previous")).ToContainTextAsync("支付成功", new() { Timeout = Counter.Patience });
        await Assertions.Expect(screen.Locator("#state")).ToHaveAttributeAsync("data-state", "qr");
        await _counter.SaysAsync("previous", "alipay", "5", "yuan");
        await Pictures.TakeAsync(screen, "previous");
    }
}
