using Microsoft.Playwright;

namespace CanteenPay.EndToEnd.Onboarding;

/// <summary>Papers as somebody would photograph them: pages of HTML, taken by the browser as JPEG or PNG.</summary>
internal static class PaperCamera
{
    /// <summary>All papers of an application, by their names in addresses.</summary>
    public static async Task<IReadOnlyDictionary<string, (string Type, byte[] Picture)>> TakeAsync(Browser browser, string licence, string person, string residentId, string card)
    {
        var page = await browser.OpenPageAsync(760, 480);
        return new Dictionary<string, (string, byte[])>
        {
            ["licence"] = ("image/jpeg", await ShootAsync(page, ScreenshotType.Jpeg, "#fdf6e3", "营业执照（样张）", $"统一社会信用代码 {licence}<br>名称 示范餐饮管理有限公司<br>法定代表人 {person}")),
            ["id-front"] = ("image/png", await ShootAsync(page, ScreenshotType.Png, "#e8f1fa", "居民身份证（样张）", $"姓名 {person}<br>公民身份号码 {residentId}")),
            ["id-back"] = ("image/jpeg", await ShootAsync(page, ScreenshotType.Jpeg, "#e3f0ea", "中华人民共和国居民身份证（样张）", "签发机关 示范市公安局<br>有效期限 2020.01.01-2040.01.01")),
            ["bank-card"] = ("image/png", await ShootAsync(page, ScreenshotType.Png, "#dbe7f7", "示范银行 储蓄卡（样张）", card)),
        };
    }

    private static async Task<byte[]> ShootAsync(IPage page, ScreenshotType type, string colour, string title, string text)
    {
        await page.SetContentAsync($$"""
            <body style="margin:0;padding:48px;height:384px;background:{{colour}};font:26px/1.9 'Noto Sans CJK SC'"><h1 style="font-size:38px;margin:0 0 24px">{{title}}</h1>{{text}}</body>
            """);
        return await page.ScreenshotAsync(new() { Type = type });
    }
}
