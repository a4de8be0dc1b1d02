using CanteenPay.Lunch.Machines;

namespace CanteenPay.Lunch.Report;

/// <summary>The times that people feel. Pages and bank run on one machine here, so their clocks are one.</summary>
internal static class Latency
{
    public static IReadOnlyList<(string What, Percentiles? Times)> Of(IReadOnlyDictionary<string, SeenOrder> seen, IReadOnlyList<BookedOrder> orders)
    {
        var told = orders.Where(order => order.Bank?.PaidAt is not null).ToList();
        return
        [
            ("按云支付 → 二维码 press cloud pay → QR", Percentiles.Of(seen.Values.Select(order => order.QrShownAt - order.PressedAt).OfType<TimeSpan>())),
            ("银行已付 → 屏幕显示 bank paid → the page shows it", Percentiles.Of(told.Select(order => order.ShownAsPaidAt - order.Bank!.PaidAt).OfType<TimeSpan>())),
            ("银行已付 → 播报 bank paid → the page is told to speak", Percentiles.Of(told
                .Where(order => order.SaidAt.Count > 0).Select(order => order.SaidAt[0] - order.Bank!.PaidAt!.Value))),
        ];
    }
}
