using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace CanteenPay.EndToEnd;

/// <summary>What happens at a counter: the cashier's keys, the diner's phone, and what is heard.</summary>
/// <param name="stack">The stack.</param>
/// <param name="browser">The browser.</param>
/// <param name="machine">A machine's screen; without it that of the stack's only machine.</param>
internal sealed class Counter(LocalStack stack, Browser browser, Uri? machine = null)
{
    private readonly Uri _machine = machine ?? stack.Screen;

    /// <summary>How long a page may take to show what it should, on a busy machine, in milliseconds.</summary>
    public const float Patience = 20_000;

    /// <summary>A page at which nothing is keyed or shown: what somebody left there is cancelled.</summary>
    public async Task<IPage> OpenScreenAsync()
    {
        var screen = await browser.OpenScreenAsync(_machine);
        await Assertions.Expect(screen.Locator("#connection")).ToContainTextAsync("已连接", new() { Timeout = Patience });
        await screen.ClickAsync("button[data-key=cancel]");
        await Assertions.Expect(screen.Locator("#state")).ToHaveAttributeAsync("data-state", "idle", new() { Timeout = Patience });
        return screen;
    }

    /// <summary>Keys an amount with the mouse, presses cloud pay, and reads the QR in a picture of the screen.</summary>
    public static async Task<string> ShowQrAsync(IPage screen, string amount)
    {
        foreach (var key in amount)
            await screen.ClickAsync($"button[data-key=\"{(key == '.' ? "dot" : key)}\"]");
        await screen.ClickAsync("button[data-key=pay]");
        return await ReadQrAsync(screen);
    }

    /// <summary>Waits for the QR and reads it in a picture of the screen.</summary>
    public static async Task<string> ReadQrAsync(IPage screen)
    {
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

    /// <summary>Opens the QR's address as a wallet would, and confirms.</summary>
    public async Task PayAsync(string qr, string wallet, string? picture = null)
    {
        var phone = await browser.OpenPhoneAsync(qr, wallet);
        if (picture is not null)
            await Pictures.TakeAsync(phone, picture);
        await phone.ClickAsync("#pay");
        await Assertions.Expect(phone.Locator("#result")).ToContainTextAsync("成功", new() { Timeout = Patience });
    }

    public static Task ShowsAsync(IPage screen, string result) =>
        Assertions.Expect(screen.Locator("#result")).ToHaveTextAsync(result, new() { Timeout = Patience });

    /// <summary>Waits until what the machine says is these clips: what it said before may be served a moment longer than the screen shows it.</summary>
    public Task SaysAsync(params string[] clips) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return (await HeardAsync()).AsSpan().SequenceEqual(Wav.Join(clips));
            }
            catch (HttpRequestException)
            {
                // It was no longer served.
                return false;
            }
        },
        TimeSpan.FromSeconds(10),
        () => $"the machine does not say {string.Join(' ', clips)}");

    /// <summary>Looks at our record of the bank's newest order; its id.</summary>
    public async Task<string> OrderIsAsync(string state, string wallet)
    {
        var bank = JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(stack.Bank, "/control/orders")))!.AsArray().First()!;
        var id = bank["outTradeNo"]!.GetValue<string>();
        var order = await stack.OrderAsync(id);
        order["state"]!.GetValue<string>().ShouldBe(state);
        order["wallet"]!.GetValue<string>().ShouldBe(wallet);
        return id;
    }

    /// <summary>The sound that the machine serves with what it shows now.</summary>
    private async Task<byte[]> HeardAsync()
    {
        JsonNode? utterance = null;
        await Eventually.TrueAsync(
            async () => (utterance = JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(_machine, "/view")))!["utterance"]) is not null,
            TimeSpan.FromSeconds(10),
            () => "the machine says nothing");
        return await stack.Http.GetByteArrayAsync(new Uri(_machine, utterance!["url"]!.GetValue<string>()));
    }
}
