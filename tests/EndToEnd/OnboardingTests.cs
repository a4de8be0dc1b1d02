using System.Net;
using System.Text.Json.Nodes;
using CanteenPay.EndToEnd.Onboarding;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>How a merchant comes about: a distributor files, the bank returns once and then approves, and a machine of theirs takes its first payment.</summary>
[Collection(SharedCounter.Name)]
public sealed class OnboardingTests : IAsyncLifetime
{
    private const string Licence = "9144030071526726XG";
    private const string ResidentId = "440524188001010014";
    private const string Card = "6222600260001072444";

    private readonly SharedBrowser _shared;
    private readonly LocalStack _stack;
    private readonly ITestOutputHelper _output;
    private readonly Office _distributor;
    private readonly Office _operator;
    private readonly Office _merchant;

    public OnboardingTests(SharedBrowser browser, SharedStack stack, ITestOutputHelper output)
    {
        (_shared, _stack, _output) = (browser, stack.Stack, output);
        (_distributor, _operator, _merchant) = (new(_stack, "distributor"), new(_stack, "operator"), new(_stack, "merchant"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _shared.Browser.ClosePagesAsync();
        _distributor.Dispose();
        _operator.Dispose();
        _merchant.Dispose();
        _output.WriteLine(_stack.TakeOutput());
    }

    [Fact]
    public async Task A_distributors_merchant_is_returned_once_corrected_approved_and_its_machine_takes_a_payment()
    {
        var filed = await _distributor.AskAsync(HttpMethod.Post, "/api/applications", Application(phone: "13800000000"), key: "onboarding-1");
        var merchant = filed["merchantId"]!.GetValue<string>();
        foreach (var (kind, (type, picture)) in await PaperCamera.TakeAsync(_shared.Browser, Licence, "王强", ResidentId, Card))
            await _distributor.HandInAsync(merchant, kind, type, picture);
        await SubmitAsync(merchant);
        await _operator.AskAsync(HttpMethod.Post, $"/api/applications/{merchant}/send", new() { ["to"] = "bank" });

        var desk = await OpenReviewAsync(merchant);
        (await desk.Locator("figure img").CountAsync()).ShouldBe(4);
        await Pictures.TakeAsync(desk, "review");
        await desk.FillAsync("input[name=\"contact.phone\"]", "号码是空号");
        await desk.ClickAsync("#send-back");
        var returned = await _distributor.BecomesAsync(merchant, "returned");
        returned["reasons"]!["contact.phone"]!.GetValue<string>().ShouldBe("号码是空号");

        var corrected = Application(phone: "13900001234");
        corrected["version"] = returned["version"]!.GetValue<int>();
        await _distributor.AskAsync(HttpMethod.Put, $"/api/applications/{merchant}", corrected);
        await SubmitAsync(merchant);
        await _operator.AskAsync(HttpMethod.Post, $"/api/applications/{merchant}/send", new() { ["to"] = "bank" });
        desk = await OpenReviewAsync(merchant);
        await desk.ClickAsync("#approve");
        var number = await desk.Locator("#mchnt-id").TextContentAsync(new() { Timeout = Counter.Patience });

        var approved = await _operator.BecomesAsync(merchant, "approved");
        approved["code"]!.GetValue<string>().ShouldBe(number);
        await _operator.AskAsync(HttpMethod.Post, $"/api/applications/{merchant}/activate", []);
        await TakesAPaymentAsync(merchant, number!);
    }

    [Fact]
    public async Task An_operator_types_the_verification_code_where_the_bank_told_it_by_phone_and_what_is_anothers_is_not_there()
    {
        var merchant = (await _distributor.AskAsync(HttpMethod.Post, "/api/applications", Application(phone: "13900001234"), key: "onboarding-2"))["merchantId"]!.GetValue<string>();
        foreach (var (kind, (type, picture)) in await PaperCamera.TakeAsync(_shared.Browser, Licence, "王强", ResidentId, Card))
            await _distributor.HandInAsync(merchant, kind, type, picture);
        await SubmitAsync(merchant);
        await _operator.AskAsync(HttpMethod.Post, $"/api/applications/{merchant}/send", new() { ["to"] = "manual" });

        (await _operator.TryAsync(HttpMethod.Post, $"/api/applications/{merchant}/approve", new() { ["code"] = "7551234567", ["codeAgain"] = "7551234576" })).Status
            .ShouldBe(HttpStatusCode.UnprocessableEntity, "the two entries differ");
        (await _distributor.TryAsync(HttpMethod.Post, $"/api/applications/{merchant}/approve", new() { ["code"] = "7551234567", ["codeAgain"] = "7551234567" })).Status
            .ShouldBe(HttpStatusCode.Forbidden);
        await _operator.AskAsync(HttpMethod.Post, $"/api/applications/{merchant}/approve", new() { ["code"] = "7551234567", ["codeAgain"] = "7551234567" });
        await _operator.AskAsync(HttpMethod.Post, $"/api/applications/{merchant}/activate", []);

        (await _distributor.AskAsync(HttpMethod.Get, $"/api/merchants/{merchant}"))["state"]!.GetValue<string>().ShouldBe("active");
        // The demonstration's merchant is another one.
        (await _merchant.TryAsync(HttpMethod.Get, $"/api/merchants/{merchant}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _merchant.AskAsync(HttpMethod.Get, $"/api/merchants/{_stack.Merchant}"))["merchantId"]!.GetValue<string>().ShouldBe(_stack.Merchant);
    }

    [Fact]
    public async Task Somebody_picks_who_they_are_on_a_page()
    {
        var page = await _shared.Browser.OpenPageAsync(900, 620);
        await page.GotoAsync(_stack.SignInPage.AbsoluteUri);

        await Assertions.Expect(page.Locator("#persona-operator")).ToContainTextAsync("平台运营");
        (await page.Locator("a[id^=persona-]").CountAsync()).ShouldBe(4);
        await Pictures.TakeAsync(page, "sign-in");
    }

    private static JsonObject Application(string phone) => new()
    {
        ["merchantName"] = "青松食堂",
        ["legalName"] = "示范餐饮管理有限公司",
        ["licence"] = Licence,
        ["licenceValidUntil"] = "9999-12-31",
        ["legalPerson"] = "王强",
        ["residentId"] = ResidentId,
        ["settlement"] = new JsonObject { ["kind"] = "card", ["accountName"] = "王强", ["account"] = Card, ["bankName"] = "示范银行" },
        ["contact"] = new JsonObject { ["name"] = "李娜", ["phone"] = phone },
        ["address"] = new JsonObject { ["province"] = "广东省", ["city"] = "深圳市", ["district"] = "南山区", ["detail"] = "示范路二号" },
        ["machines"] = 1,
    };

    private async Task SubmitAsync(string merchant)
    {
        var version = (await _distributor.AskAsync(HttpMethod.Get, $"/api/applications/{merchant}"))["version"]!.GetValue<int>();
        await _distributor.AskAsync(HttpMethod.Post, $"/api/applications/{merchant}/submit", new() { ["version"] = version });
    }

    /// <summary>The bank's page, once the bank has all that it needs.</summary>
    private async Task<IPage> OpenReviewAsync(string merchant)
    {
        var page = await _shared.Browser.OpenPageAsync(1180, 900);
        await Eventually.TrueAsync(
            async () =>
            {
                await page.GotoAsync(new Uri(_stack.Bank, $"/review/{merchant}").AbsoluteUri);
                return await page.Locator("#state[data-state=reviewing]").CountAsync() == 1;
            },
            TimeSpan.FromSeconds(40),
            () => "the bank has nothing to review");
        return page;
    }

    private async Task TakesAPaymentAsync(string merchant, string number)
    {
        var device = (await _operator.AskAsync(HttpMethod.Post, $"/api/merchants/{merchant}/machines", new() { ["name"] = "一号窗口" }, key: "onboarding-machine"))["deviceId"]!.GetValue<string>();
        var code = (await _operator.AskAsync(HttpMethod.Post, $"/api/machines/{device}/code"))["code"]!.GetValue<string>();
        await using var machine = await NewMachine.StartAsync(_stack, device, merchant, code);
        var counter = new Counter(_stack, _shared.Browser, machine.Screen);
        var screen = await counter.OpenScreenAsync();

        await counter.PayAsync(await Counter.ShowQrAsync(screen, "9.90"), Browser.WeChat);

        await Counter.ShowsAsync(screen, "支付成功 ¥9.90");
        await counter.OrderIsAsync("Paid", "WeChat");
        var atTheBank = JsonNode.Parse(await _stack.Http.GetStringAsync(new Uri(_stack.Bank, "/control/orders")))!.AsArray().First()!;
        atTheBank["mchId"]!.GetValue<string>().ShouldBe(number);
        (await _stack.OrderAsync(atTheBank["outTradeNo"]!.GetValue<string>()))["merchantId"]!.GetValue<string>().ShouldBe(merchant);
    }
}
