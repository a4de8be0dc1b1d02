namespace CanteenPay.EndToEnd;

/// <summary>One Chromium for several tests: starting one costs more than a payment.</summary>
public sealed class SharedBrowser : IAsyncLifetime
{
    private Browser? _browser;

    public Browser Browser => _browser!;

    public async Task InitializeAsync() => _browser = await Browser.StartAsync();

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }
}
