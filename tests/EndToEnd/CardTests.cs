using System.Globalization;
using CanteenPay.EndToEnd.Cards;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>Staff cards on real parts: cards are touched on the machine's page in Chromium, the cloud books what was tapped, and the office's doings come to the machine.</summary>
[Collection(SharedCounter.Name)]
public sealed class CardTests(SharedBrowser browser, SharedStack shared, ITestOutputHelper output) : IAsyncLifetime
{
    // The demonstration's cards, as cloud.json issues them. Only one test spends Wang's; what it has of others, a test asks first.
    private const string Wang = "04A1B2C3";
    private const string Li = "04D4E5F6";
    private const string Zhao = "04778899";
    private const string Nobodys = "04000000";

    private static readonly TimeSpan FeedLimit = TimeSpan.FromSeconds(30);

    private readonly LocalStack _stack = shared.Stack;
    private readonly CardOffice _office = new(shared.Stack, shared.Stack.Merchant);
    private readonly Counter _counter = new(shared.Stack, browser.Browser);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await browser.Browser.ClosePagesAsync();
        output.WriteLine(_stack.TakeOutput());
    }

    [Fact]
    public async Task A_card_pays_from_both_purses_is_shown_and_said_and_the_cloud_has_booked_it()
    {
        var screen = await OpenAsync();
        await KeyAsync(screen, "25.50");

        var sound = await screen.RunAndWaitForRequestAsync(() => TouchAsync(screen, Wang), "**/voice/*.wav", new() { Timeout = Counter.Patience });

        (await sound.ResponseAsync())!.Status.ShouldBeInRange(200, 206, "the page itself fetches what it is told to play");
        await Counter.ShowsAsync(screen, "消费成功 ¥25.50");
        await Assertions.Expect(screen.Locator("#headline")).ToContainTextAsync("王芳");
        await Assertions.Expect(screen.Locator("#details")).ToHaveTextAsync("补贴 ¥20.00 · 现金 ¥5.50 · 余额 ¥94.50");
        await Pictures.TakeAsync(screen, "tapped");
        // 消费二十五点五元
        await _counter.SaysAsync("spent", "2", "10", "5", "point", "5", "yuan");
        await BalanceIsAsync(Wang, 9450);
    }

    [Fact]
    public async Task Cash_that_is_paid_in_at_the_office_is_there_when_the_card_asks_for_its_balance()
    {
        var screen = await OpenAsync();
        var before = await _office.BalanceOfAsync(Li);
        await TouchAsync(screen, Li);
        await Counter.ShowsAsync(screen, $"余额 ¥{Yuan(before)}");
        var account = (await _office.AccountOfAsync(Li))["accountId"]!.GetValue<string>();

        await _office.TopUpAsync(account, 1234, "e2e-topup-1");
        await _office.TopUpAsync(account, 1234, "e2e-topup-1");

        (await _office.BalanceOfAsync(Li)).ShouldBe(before + 1234, "the same key is the same top-up");
        await Eventually.TrueAsync(() => BalanceShownAsync(screen, Li, $"余额 ¥{Yuan(before + 1234)}"), FeedLimit, () => "the feed did not bring the top-up to the machine");
    }

    [Fact]
    public async Task A_lost_card_and_nobodys_card_and_one_that_left_too_early_are_refused_each_in_its_own_words()
    {
        var screen = await OpenAsync();
        var before = await _office.BalanceOfAsync(Li);
        await KeyAsync(screen, "12");

        await TouchAsync(screen, Zhao);
        await Counter.ShowsAsync(screen, "挂失卡");
        await Pictures.TakeAsync(screen, "tap-refused");
        await _counter.SaysAsync("lost-card");
        await TouchAsync(screen, Nobodys);
        await Counter.ShowsAsync(screen, "非法卡");
        await _counter.SaysAsync("unknown-card");
        await TouchAsync(screen, "");
        await Assertions.Expect(screen.Locator("#headline")).ToContainTextAsync("请重新刷卡", new() { Timeout = Counter.Patience });
        // What was keyed is still there for the right card.
        await TouchAsync(screen, Li);
        // A manager pays 90 %.
        await Counter.ShowsAsync(screen, "消费成功 ¥10.80");
        await BalanceIsAsync(Li, before - 1080);
        (await _office.BalanceOfAsync(Zhao)).ShouldBe(3000);
    }

    [Fact]
    public async Task The_cashier_takes_a_wrong_tap_back_and_the_cloud_has_both()
    {
        var screen = await OpenAsync();
        var days = CardOffice.DaysSince(DateTimeOffset.UtcNow);
        var (balance, lines) = (await _office.BalanceOfAsync(Li), (await _office.LinesAsync(_stack.Machine, days)).Count);
        await KeyAsync(screen, "20");
        await TouchAsync(screen, Li);
        await Counter.ShowsAsync(screen, "消费成功 ¥18.00");

        await screen.ClickAsync("button[data-key=undo]");

        await Counter.ShowsAsync(screen, "已撤销 ¥18.00");
        // 十八元已撤销
        await _counter.SaysAsync("10", "8", "yuan", "undone");
        await Eventually.TrueAsync(async () => (await _office.LinesAsync(_stack.Machine, days)).Count == lines + 2, FeedLimit, () => "a tap and what takes it back make two lines");
        await BalanceIsAsync(Li, balance);
    }

    private static string Yuan(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private async Task<IPage> OpenAsync()
    {
        var screen = await _counter.OpenScreenAsync();
        await Assertions.Expect(screen.Locator("#standing b")).ToHaveTextAsync("", new() { Timeout = Counter.Patience });
        await Assertions.Expect(screen.Locator("#mode b")).ToHaveTextAsync("任意", new() { Timeout = Counter.Patience });
        return screen;
    }

    private static async Task KeyAsync(IPage screen, string amount)
    {
        foreach (var key in amount)
            await screen.ClickAsync($"button[data-key=\"{(key == '.' ? "dot" : key)}\"]");
        await Assertions.Expect(screen.Locator("#amount")).ToHaveTextAsync(amount, new() { Timeout = Counter.Patience });
    }

    /// <summary>Puts a card on the page's reader; without a number one that leaves too early.</summary>
    private static Task TouchAsync(IPage screen, string card) => screen.ClickAsync($"#reader button[data-card=\"{card}\"]");

    private static async Task<bool> BalanceShownAsync(IPage screen, string card, string result)
    {
        await TouchAsync(screen, card);
        await Assertions.Expect(screen.Locator("#result")).ToContainTextAsync("余额", new() { Timeout = Counter.Patience });
        return await screen.Locator("#result").TextContentAsync() == result;
    }

    private Task BalanceIsAsync(string card, long fen) => Eventually.TrueAsync(
        async () => await _office.BalanceOfAsync(card) == fen, FeedLimit, () => $"the cloud does not have {fen} fen on the card");
}
