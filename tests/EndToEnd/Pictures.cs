using Microsoft.Playwright;

namespace CanteenPay.EndToEnd;

/// <summary>Pictures for the README, and a text. Taken in every run; kept in the checkout only when <c>CANTEENPAY_PICTURES</c> is set, so that a run changes nothing.</summary>
internal static class Pictures
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("CANTEENPAY_PICTURES") is { Length: > 0 }
        ? Path.Combine(Repository.Root, "tests/EndToEnd/screenshots")
        : Path.Combine(Repository.Root, "artifacts/screenshots");

    /// <summary>Keeps a text that stands beside the pictures.</summary>
    public static void Keep(string name, string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, name), text);
    }

    public static Task TakeAsync(IPage page, string name) => page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png") });
}
