using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>Money goes back: by a manager at the till, by an operator at the endpoint; and what was parked is looked at.</summary>
[Collection(SharedCounter.Name)]
public sealed class RefundTests(SharedBrowser browser, SharedStack shared, ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>The demonstration PIN of <c>infra/local/cloud.json</c>.</summary>
    private const string Pin = "2468";

    private readonly LocalStack _stack = shared.Stack;
    private Till _till = null!;

    private IPage Screen => _till.Screen;

    public async Task InitializeAsync() => _till = await Till.OpenAsync(_stack, browser.Browser, _stack.Bank);

    public async Task DisposeAsync()
    {
        await browser.Browser.ClosePagesAsync();
        output.WriteLine(_stack.TakeOutput());
    }

    [Fact]
    public async Task A_manager_gives_a_payment_back_at_the_till_and_the_machine_shows_and_says_it()
    {
        var order = await PaidAsync("12.50");
        await Screen.ClickAsync("button[data-key=list]");
        await Pictures.TakeAsync(Screen, "list");
        await Screen.ClickAsync("#history-rows tbody tr");
        await Screen.ClickAsync("#history-refund");
        await Screen.ClickAsync("button[data-key=pay]");
        await TypeAsync("1357");
        await Screen.ClickAsync("button[data-key=pay]");
        await Assertions.Expect(Screen.Locator("#headline")).ToContainTextAsync("密码不对", new() { Timeout = Counter.Patience });
        await TypeAsync(Pin);
        await Pictures.TakeAsync(Screen, "pin");
        await Screen.ClickAsync("button[data-key=pay]");

        await Counter.ShowsAsync(Screen, "退款成功 ¥12.50");
        await Pictures.TakeAsync(Screen, "refunded");
        await _till.OrderIsAsync(order, "Refunded");
        // 十二点五元已退款
        await new Counter(_stack, browser.Browser).SaysAsync("10", "2", "point", "5", "yuan", "refunded");
        (await BankRefundedFenAsync(order)).ShouldBe(1250);
    }

    [Fact]
    public async Task A_part_goes_back_by_the_endpoint_and_the_machines_list_shows_it()
    {
        var order = await PaidAsync("9");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_stack.Functions, $"/api/orders/{order}/refunds"))
        {
            Content = new StringContent("""{"amount":250,"reason":"少了一道菜"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", "e2e-1");
        using var answer = await _stack.Http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());

        await Screen.ClickAsync("button[data-key=list]");
        await Assertions.Expect(Screen.Locator("#history-rows")).ToContainTextAsync("已退 ¥2.50", new() { Timeout = Counter.Patience });
        await _till.OrderIsAsync(order, "PartlyRefunded");
        (await BankRefundedFenAsync(order)).ShouldBe(250);
    }

    private async Task<string> PaidAsync(string amount)
    {
        var order = await _till.ShowQrAsync(amount);
        await _till.PayAsync(order);
        await Assertions.Expect(Screen.Locator("#state")).ToHaveAttributeAsync("data-state", "paid", new() { Timeout = Counter.Patience });
        return order;
    }

    private async Task TypeAsync(string digits)
    {
        foreach (var digit in digits)
            await Screen.ClickAsync($"button[data-key=\"{digit}\"]");
    }

    private async Task<long> BankRefundedFenAsync(string order)
    {
        var known = JsonNode.Parse(await _stack.Http.GetStringAsync(new Uri(_stack.Bank, $"/control/orders/{order}")))!;
        return known["refunds"]!.AsArray().Sum(refund => refund!["fen"]!.GetValue<long>());
    }
}
