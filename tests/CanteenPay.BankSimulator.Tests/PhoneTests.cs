using System.Net;

namespace CanteenPay.BankSimulator.Tests;

public sealed class PhoneTests
{
    private const string WeChat = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.50";

    private const string Alipay = "Mozilla/5.0 (Linux; Android 14) AlipayClient/10.6.0";

    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130";

    [Theory]
    [InlineData(WeChat, "微信支付", "wechat")]
    [InlineData(Alipay, "支付宝", "alipay")]
    public async Task A_wallet_opens_its_own_cashier(string userAgent, string title, string wallet)
    {
        await using var bank = await TestBank.StartAsync("--Merchants:7551000001:Name=老王 & 儿子 <script>");
        var page = await GetAsync(bank, await bank.CreateAsync("A1", ("body", "午餐 <b>&")), userAgent);

        page.ShouldContain($"<title>{title}</title>");
        page.ShouldContain("<p id=\"amount\">¥12.50</p>");
        page.ShouldContain("老王 &amp; 儿子 &lt;script&gt;");
        page.ShouldContain("午餐 &lt;b&gt;&amp;");
        page.ShouldContain($"name=\"wallet\" value=\"{wallet}\"");
        page.ShouldContain("id=\"pay\"");
        page.ShouldContain("id=\"give-up\"");
        page.ShouldNotContain("id=\"choose-");
    }

    [Fact]
    public async Task A_browser_chooses_a_wallet_first()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1");

        var choice = await GetAsync(bank, path, Browser);
        choice.ShouldContain("id=\"choose-wechat\"");
        choice.ShouldContain("id=\"choose-alipay\"");
        choice.ShouldNotContain("id=\"pay\"");
        (await GetAsync(bank, path + "?wallet=alipay", Browser)).ShouldContain("<title>支付宝</title>");
    }

    [Fact]
    public async Task Paying_pays_and_shows_it()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1");

        (await TapAsync(bank, path, "pay", Alipay)).ShouldContain("data-state=\"success\"");
        (await bank.StateAsync("A1")).ShouldBe("SUCCESS");
        (await bank.OrderAsync("A1"))["wallet"]!.GetValue<string>().ShouldBe("alipay");
        (await GetAsync(bank, path, Alipay)).ShouldContain("data-state=\"already-paid\"");
    }

    [Fact]
    public async Task Many_taps_at_once_pay_once()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1");

        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => TapAsync(bank, path, "pay", n % 2 == 0 ? WeChat : Alipay)));

        pages.Count(p => p.Contains("data-state=\"success\"", StringComparison.Ordinal)).ShouldBe(1);
        pages.Count(p => p.Contains("data-state=\"already-paid\"", StringComparison.Ordinal)).ShouldBe(19);
        (await bank.AttemptsAsync("A1", 1)).ShouldBe(["success"], "told once");
    }

    [Fact]
    public async Task Giving_up_leaves_the_order_to_be_paid_later()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1");

        (await TapAsync(bank, path, "give-up", WeChat)).ShouldContain("data-state=\"given-up\"");
        (await bank.StateAsync("A1")).ShouldBe("NOTPAY");
        (await TapAsync(bank, path, "pay", WeChat)).ShouldContain("data-state=\"success\"");
    }

    [Fact]
    public async Task An_expired_order_cannot_be_paid_but_stays_open_until_it_is_closed()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1", ("time_start", "20261122120000"), ("time_expire", "20261122120200"));

        bank.Time.Advance(TimeSpan.FromSeconds(119));
        (await GetAsync(bank, path, WeChat)).ShouldContain("id=\"pay\"");
        bank.Time.Advance(TimeSpan.FromSeconds(1));
        (await TapAsync(bank, path, "pay", WeChat)).ShouldContain("data-state=\"expired\"");
        (await bank.StateAsync("A1")).ShouldBe("NOTPAY");
    }

    [Fact]
    public async Task One_time_alone_has_no_effect()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1", ("time_expire", "20261122120200"));

        bank.Time.Advance(TimeSpan.FromHours(1));
        (await TapAsync(bank, path, "pay", WeChat)).ShouldContain("data-state=\"success\"");
    }

    [Fact]
    public async Task A_closed_order_cannot_be_paid()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1");
        bank.Time.Advance(TimeSpan.FromMinutes(5));
        await bank.AskAsync("unified.trade.close", ("out_trade_no", "A1"));

        (await TapAsync(bank, path, "pay", WeChat)).ShouldContain("data-state=\"closed\"");
        (await bank.StateAsync("A1")).ShouldBe("CLOSED");
    }

    [Fact]
    public async Task An_address_alone_shows_no_payment()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1");

        (await GetAsync(bank, path + "?result=success", WeChat)).ShouldContain("id=\"pay\"");
    }

    [Fact]
    public async Task A_tap_without_a_wallet_or_a_choice_is_refused_and_an_unknown_code_says_so()
    {
        await using var bank = await TestBank.StartAsync();
        var path = await bank.CreateAsync("A1");

        using var noWallet = await bank.Http.PostAsync(path, new FormUrlEncodedContent([new("do", "pay")]));
        noWallet.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var nothing = await bank.Http.PostAsync(path, content: null);
        nothing.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bank.StateAsync("A1")).ShouldBe("NOTPAY");
        using var unknown = await bank.Http.GetAsync("/q/0000");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("二维码无效");
    }

    [Fact]
    public async Task The_QR_can_be_had_as_a_picture()
    {
        await using var bank = await TestBank.StartAsync();

        using var picture = await bank.Http.GetAsync(await bank.CreateAsync("A1") + "/code.svg");

        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        (await picture.Content.ReadAsStringAsync()).ShouldStartWith("<svg");
    }

    private static async Task<string> GetAsync(TestBank bank, string path, string userAgent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        using var response = await bank.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Presses a button of the cashier and follows to the page it leads to.</summary>
    private static async Task<string> TapAsync(TestBank bank, string path, string button, string userAgent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("do", button)]) };
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        using var response = await bank.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var next = new Uri(new Uri(bank.Http.BaseAddress!, path), response.Headers.Location!);
        return await GetAsync(bank, next.PathAndQuery, userAgent);
    }
}
