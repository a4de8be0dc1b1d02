using CanteenPay.EndToEnd.Cards;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>Staff cards on real parts: cards are touched on the machine's page in Chromium, the cloud books what was tapped, and the office's doings come to the machine.</summary>
public sealed class CardTests(SharedBrowser shared, ITestOutputHelper output) : IClassFixture<SharedBrowser>, IAsyncLifetime
{
    // The demonstration's cards, as cloud.json issues them.
    private const string Wang = "04A1B2C3";
    private const string Zhao = "04778899";
    private const string Nobodys = "04000000";

    private static readonly TimeSpan FeedLimit = TimeSpan.FromSeconds(30);

    private LocalStack _stack = null!;
    private CardOffice _office = null!;
    private Counter _counter = null!;

    public async Task InitializeAsync()
    {
        _stack = await LocalStack.StartAsync();
        _office = new(_stack, _stack.Merchant);
        _counter = new(_stack, shared.Browser);
    }

    public async Task DisposeAsync()
    {
        await shared.Browser.ClosePagesAsync();
        await _stack.DisposeAsync();
        output.WriteLine(_stack.Output);
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
        await TouchAsync(screen, Wang);
        await Counter.ShowsAsync(screen, "余额 ¥120.00");
        var account = (await _office.AccountOfAsync(Wang))["accountId"]!.GetValue<string>();

        await _office.TopUpAsync(account, 1234, "e2e-topup-1");
        await _office.TopUpAsync(account, 1234, "e2e-topup-1");

        (await _office.BalanceOfAsync(Wang)).ShouldBe(13234, "the same key is the same top-up");
        await Eventually.TrueAsync(() => BalanceShownAsync(screen, Wang, "余额 ¥132.34"), FeedLimit, () => "the feed did not bring the top-up to the machine");
    }

    [Fact]
    public async Task A_lost_card_and_nobodys_card_and_one_that_left_too_early_are_refused_each_in_its_own_words()
    {
        var screen = await OpenAsync();
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
        await TouchAsync(screen, Wang);
        await Counter.ShowsAsync(screen, "消费成功 ¥12.00");
        await BalanceIsAsync(Wang, 10800);
        (await _office.BalanceOfAsync(Zhao)).ShouldBe(3000);
    }

    [Fact]
    public async Task The_cashier_takes_a_wrong_tap_back_and_the_cloud_has_both()
    {
        var screen = await OpenAsync();
        await KeyAsync(screen, "80");
        await TouchAsync(screen, Wang);
        await Counter.ShowsAsync(screen, "消费成功 ¥80.00");

        await screen.ClickAsync("button[data-key=undo]");

        await Counter.ShowsAsync(screen, "已撤销 ¥80.00");
        // 八十元已撤销
        await _counter.SaysAsync("8", "10", "yuan", "undone");
        var since = DateTimeOffset.UtcNow;
        await Eventually.TrueAsync(
            async () => (await _office.LinesAsync(_stack.Machine, CardOffice.DaysSince(since))).Count == 4, FeedLimit, () => "two taps of two purses each make four lines");
        await BalanceIsAsync(Wang, 12000);
    }

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
