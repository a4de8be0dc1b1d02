using System.Text;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>The bank's gateway goes away while a QR is up; wallets go on paying.</summary>
public sealed class BankDownTests(SharedBrowser shared, ITestOutputHelper output) : IClassFixture<SharedBrowser>, IAsyncLifetime
{
    private LocalStack _stack = null!;

    public async Task InitializeAsync() => _stack = await LocalStack.StartAsync();

    public async Task DisposeAsync()
    {
        await shared.Browser.ClosePagesAsync();
        await _stack.DisposeAsync();
        output.WriteLine(_stack.Output);
    }

    [Fact]
    public async Task A_diner_who_pays_while_the_gateway_is_down_is_seen_when_it_is_back()
    {
        var till = await Till.OpenAsync(_stack, shared.Browser, _stack.Bank);
        var order = await till.ShowQrAsync("4.20");
        await GoDownAsync(TimeSpan.FromSeconds(6));

        await till.PayAsync(order);

        await till.ShowsPaidAsync("4.20");
        await till.OrderIsAsync(order, "Paid");
        await Eventually.TrueAsync(() => till.Spoken == 1, TimeSpan.FromSeconds(10), () => "the payment was not said");
    }

    private async Task GoDownAsync(TimeSpan duration)
    {
        using var body = new StringContent($$"""{"ms":{{duration.TotalMilliseconds}}}""", Encoding.UTF8, "application/json");
        using var answer = await _stack.Http.PostAsync(new Uri(_stack.Bank, "/control/down"), body);
        answer.EnsureSuccessStatusCode();
    }
}
