using System.Text;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>The bank's gateway goes away while a QR is up; wallets go on paying.</summary>
[Collection(SharedCounter.Name)]
public sealed class BankDownTests(SharedBrowser browser, SharedStack shared, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly LocalStack _stack = shared.Stack;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await browser.Browser.ClosePagesAsync();
        output.WriteLine(_stack.TakeOutput());
    }

    [Fact]
    public async Task A_diner_who_pays_while_the_gateway_is_down_is_seen_when_it_is_back()
    {
        var till = await Till.OpenAsync(_stack, browser.Browser, _stack.Bank);
        var order = await till.ShowQrAsync("4.20");
        await GoDownAsync(TimeSpan.FromSeconds(6));

        await till.PayAsync(order);

        await till.ShowsPaidAsync("4.20");
        await till.OrderIsAsync(order, "Paid");
        // 支付宝收款四点二元
        await new Counter(_stack, browser.Browser).SaysAsync("alipay", "4", "point", "2", "yuan");
    }

    private async Task GoDownAsync(TimeSpan duration)
    {
        using var body = new StringContent($$"""{"ms":{{duration.TotalMilliseconds}}}""", Encoding.UTF8, "application/json");
        using var answer = await _stack.Http.PostAsync(new Uri(_stack.Bank, "/control/down"), body);
        answer.EnsureSuccessStatusCode();
    }
}
