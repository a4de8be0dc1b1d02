using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace CanteenPay.EndToEnd;

/// <summary>A machine's screen over the death of what is behind it, and a diner who pays at the bank whatever happens here.</summary>
internal sealed class Till
{
    private readonly LocalStack _stack;
    private readonly Uri _bank;
    private int _spoken;

    private Till(LocalStack stack, IPage screen, Uri bank)
    {
        (_stack, Screen, _bank) = (stack, screen, bank);
        screen.Request += (_, request) => _spoken += request.Url.Contains("/voice/", StringComparison.Ordinal) && request.Url.EndsWith(".wav", StringComparison.Ordinal) ? 1 : 0;
    }

    public IPage Screen { get; }

    /// <summary>How often the page was told to say something.</summary>
    public int Spoken => _spoken;

    public static async Task<Till> OpenAsync(LocalStack stack, Browser browser, Uri bank) => new(stack, await new Counter(stack, browser).OpenScreenAsync(), bank);

    /// <summary>
    /// Keys an amount and waits for the QR; the number of the bank's newest order. As a cashier does, it keys again when the till gives up after its 8 s:
    /// a process that was killed may need that long where two cores carry a whole suite.
    /// </summary>
    public async Task<string> ShowQrAsync(string amount)
    {
        const int attempts = 3;
        var state = Screen.Locator("#state");
        for (var attempt = 1; ; attempt++)
        {
            foreach (var key in amount)
                await Screen.ClickAsync($"button[data-key=\"{(key == '.' ? "dot" : key)}\"]");
            await Assertions.Expect(state).ToHaveAttributeAsync("data-state", "idle", new() { Timeout = Counter.Patience });
            await Screen.ClickAsync("button[data-key=pay]");
            await Screen.Locator("#state:is([data-state=qr], [data-state=closed], [data-state=refused])").WaitForAsync(new() { Timeout = Counter.Patience });
            if (attempt == attempts || await state.GetAttributeAsync("data-state") == "qr")
                break;
        }

        await Assertions.Expect(Screen.Locator("#qr svg")).ToBeVisibleAsync(new() { Timeout = Counter.Patience });
        return (await OrdersAsync()).First()!["outTradeNo"]!.GetValue<string>();
    }

    public Task ShowsPaidAsync(string amount) => Counter.ShowsAsync(Screen, $"支付成功 ¥{amount}");

    public async Task PreviousIsPaidAsync(string amount)
    {
        await Assertions.Expect(Screen.Locator("#previous")).ToContainTextAsync("支付成功", new() { Timeout = Counter.Patience });
        await Assertions.Expect(Screen.Locator("#previous")).ToContainTextAsync(amount);
    }

    /// <summary>The diner confirms in the wallet; the bank notifies us, whoever lives here.</summary>
    public async Task PayAsync(string order)
    {
        using var body = new StringContent("""{"wallet":"alipay"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await _stack.Http.PostAsync(new Uri(_bank, $"/control/orders/{order}/pay"), body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The bank notifies once more, as it does by its schedule.</summary>
    public async Task NotifyAgainAsync(string order)
    {
        using var answer = await _stack.Http.PostAsync(new Uri(_bank, $"/control/orders/{order}/notify"), content: null);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    public async Task OrderIsAsync(string order, string state) => (await _stack.OrderAsync(order))["state"]!.GetValue<string>().ShouldBe(state);

    private async Task<JsonArray> OrdersAsync() => JsonNode.Parse(await _stack.Http.GetStringAsync(new Uri(_bank, "/control/orders")))!.AsArray();
}
