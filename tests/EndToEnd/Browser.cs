using System.Diagnostics;
using Microsoft.Playwright;

namespace CanteenPay.EndToEnd;

/// <summary>Debian's Chromium, for a machine's screen and for a diner's phone.</summary>
public sealed class Browser : IAsyncDisposable
{
    public const string Alipay =
        "Mozilla/5.0 (Linux; Android 14; zh-CN) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 AlipayClient/10.6.0";

    public const string WeChat =
        "Mozilla/5.0 (Linux; Android 14; zh-CN) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.50";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        try
        {
            var browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = "/usr/bin/chromium",
                Headless = true,
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--autoplay-policy=no-user-gesture-required",
                ],
            });
            return new(playwright, browser);
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>A machine's screen at twice its 480 × 320; it can be touched.</summary>
    public async Task<IPage> OpenScreenAsync(Uri address)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 960, Height = 640 }, HasTouch = true, Locale = "zh-CN" });
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    /// <summary>An empty page of an office's computer.</summary>
    public async Task<IPage> OpenPageAsync(int width, int height)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, Locale = "zh-CN" });
        return await context.NewPageAsync();
    }

    /// <summary>A phone whose wallet opened an address.</summary>
    public async Task<IPage> OpenPhoneAsync(string address, string userAgent)
    {
        var context = await _browser.NewContextAsync(new()
        {
            UserAgent = userAgent,
            ViewportSize = new() { Width = 390, Height = 780 },
            DeviceScaleFactor = 2,
            IsMobile = true,
            HasTouch = true,
            Locale = "zh-CN",
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>Reads the QR in a picture with zbar, as a camera would.</summary>
    public static async Task<string> DecodeQrAsync(string picture)
    {
        using var zbar = Process.Start(new ProcessStartInfo("zbarimg", ["--quiet", "--raw", picture]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var text = await zbar.StandardOutput.ReadToEndAsync();
        await zbar.WaitForExitAsync();
        return text.Trim();
    }

    /// <summary>Closes every page, so that the next test begins with none.</summary>
    public async Task ClosePagesAsync()
    {
        foreach (var context in _browser.Contexts.ToArray())
            await context.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
