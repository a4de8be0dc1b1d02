using System.Globalization;
using System.Text;
using CanteenPay.LocalCloud.Otlp;

namespace CanteenPay.LocalCloud.Status;

/// <summary>有人在等吗？ Whether diners wait, on the status page.</summary>
internal static class DinersTable
{
    internal static void Write(StringBuilder page, DinersStatus diners) => StatusPage.Table(page, "有人在等吗？ Are diners waiting?", ["什么 What", "现在 Now"],
    [
        Row("按键到二维码 Key press to QR", Times(diners.PressToQr)),
        Row("付款到语音 Payment to voice", Times(diners.PaidToVoice)),
        Row("未结订单 Open orders", Counts(diners.OpenOrders)),
        Row("查询次数 Polls", diners.Polls.ToString(CultureInfo.InvariantCulture)),
        Row("未上传刷卡记录 Unsent entries of taps", diners.UnsentEntries.ToString(CultureInfo.InvariantCulture)),
        Row("拒绝订单 Refusals", Counts(diners.Refusals)),
        Row("银行无明确答复 Channel errors", Counts(diners.ChannelErrors)),
        [StatusPage.Text("最近付款的轨迹 Traces of the last payments"), string.Join(" · ", diners.Orders.Select(order => StatusPage.Link($"/traces/{order}", order)))],
    ]);

    private static string[] Row(string what, string now) => [StatusPage.Text(what), StatusPage.Text(now)];

    private static string Times(Waiting waiting) => waiting.Count == 0
        ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{waiting.Count} × · 50 % {Bound(waiting.P50)} · 95 % {Bound(waiting.P95)} · 99 % {Bound(waiting.P99)}");

    private static string Bound(double? seconds) => seconds is { } bound ? string.Create(CultureInfo.InvariantCulture, $"≤ {bound} s") : "更久 longer";

    private static string Counts(IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? "–" : string.Join(" · ", counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}")));
}
