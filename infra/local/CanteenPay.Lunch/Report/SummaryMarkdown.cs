using System.Globalization;
using System.Text;
using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Stack;
using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Report;

/// <summary>The summary for people: Markdown, Chinese first.</summary>
internal static class SummaryMarkdown
{
    /// <summary>Operations that are worth a row; LocalCloud counts each kind of table request as well.</summary>
    private static readonly string[] Operations = ["tables total", "serviceBus send", "mqtt publish over HTTP", "mqtt routed to a queue"];

    public static string Write(LunchSummary summary)
    {
        var text = new StringBuilder();
        Head(text, summary);
        Table(text, "食客 Diners", ["结果 how it ended", "人数 diners"], summary.Visits
            .CountBy(visit => Words(visit))
            .OrderByDescending(row => row.Value)
            .Select(row => new[] { row.Key, $"{row.Value}" }));
        Table(text, "订单 Orders", ["状态 state", "单数 orders", "金额 ¥"], summary.Orders
            .GroupBy(order => order.Ours is { } ours ? ours.IsLate && !ours.IsOpen ? $"{ours.State} (late)" : ours.State : "")
            .OrderByDescending(group => group.Count())
            .Select(group => new[] { Words(group.Key), $"{group.Count()}", Yuan(group.Sum(order => order.Ours?.Amount ?? 0)) }));
        Table(text, "钱 Money", ["商户 merchant", "我方收款 paid, ours", "银行收款 paid, bank", "我方退款 refunded, ours", "银行退款 refunded, bank", "差 difference"], Money(summary.Orders));
        Table(text, "刷卡 Cards", ["商户 merchant", "笔数 taps", "撤销 taken back", "显示 shown", "入账 booked", "充值 paid in", "差 difference", "机器余额一致 balances that agree"], Cards(summary.Cards));
        Table(text, "退款申请 Refunds asked for", ["答复 answer", "件数 refunds", "金额 ¥"], summary.Refunds
            .GroupBy(refund => refund.Answer)
            .OrderBy(group => group.Key)
            .Select(group => new[] { Words(group.Key), $"{group.Count()}", Yuan(group.Sum(refund => refund.Amount)) }));
        Table(text, "延迟 Latencies, ms", ["什么 what", "n", "p50", "p90", "p99", "max"], summary.Latencies.Select(row => row.Times is { } times
            ? new[] { row.What, $"{times.Count}", Number(times.P50), Number(times.P90), Number(times.P99), Number(times.Most) }
            : [row.What, "0", "", "", "", ""]));
        Table(text, "云操作 Cloud operations", ["操作 operation", "次数 in all", "每笔已付 for each paid order"], Operations
            .Select(name => (Name: name, Times: summary.Operations.GetValueOrDefault(name)))
            .Select(row => new[] { row.Name, $"{row.Times}", Number(row.Times / (double)Math.Max(1, summary.PaidOrders), "F2") }));
        if (summary.Options.Chaos)
            Table(text, "故障 Faults made", ["故障 fault", "次数 times"], summary.Faults.Select(fault => new[] { fault.Key, $"{fault.Value}" }));
        Table(text, "待人工处理 Parked", ["原因 reason", "件数 items"], summary.Parked is null
            ? [["（此版本不能列出 this version cannot list them）", ""]]
            : summary.Parked.Select(item => new[] { item.Key.ReplaceLineEndings(" ").Replace('|', '/'), $"{item.Value}" }));
        Table(text, "差异 Discrepancies", ["差异 what", "何处 about", "账本 books"], summary.Discrepancies.Select(found => new[] { Words(found.Kind), found.About, found.Books }));
        return text.ToString();
    }

    private static void Head(StringBuilder text, LunchSummary summary)
    {
        var options = summary.Options;
        text.AppendLine(CultureInfo.InvariantCulture, $"# 午餐 Lunch: {(summary.IsClean ? "一分不差，一单不少 nothing missing, doubled or different" : $"{summary.Discrepancies.Count} 处差异 discrepancies")}")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{options.Length.TotalMinutes:0.##} 分钟 minutes · {options.Machines} 台机器 machines · 种子 seed {options.Seed} · 故障 chaos {(options.Chaos ? "开 on" : "关 off")} · 收尾 end {summary.EndTook.TotalMinutes:F1} 分钟 minutes · {summary.Visits.Count} 位食客 diners · {summary.Orders.Count} 单 orders");
    }

    private static IEnumerable<string[]> Money(IReadOnlyList<BookedOrder> orders)
    {
        var rows = orders.GroupBy(Merchant).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, Orders: group.ToList())).ToList();
        return rows.Append(("合计 all", orders.ToList())).Select(row =>
        {
            var (ours, bank) = (row.Item2.Sum(order => order.Ours?.Gross ?? 0), row.Item2.Sum(order => order.Bank?.Gross ?? 0));
            var (oursBack, bankBack) = (row.Item2.Sum(order => order.Ours?.Refunded ?? 0), row.Item2.Sum(order => order.Bank?.Refunded ?? 0));
            return new[] { row.Item1, Yuan(ours), Yuan(bank), Yuan(oursBack), Yuan(bankBack), Yuan(ours - bank - (oursBack - bankBack)) };
        });
    }

    private static IEnumerable<string[]> Cards(CardBooks cards) => cards.Merchants.Select(merchant =>
    {
        var taps = cards.Taps.Where(tap => (tap.Shown?.Merchant ?? tap.Ledger[0].Merchant) == merchant.Merchant).ToList();
        var balances = cards.Balances.Where(balance => balance.Merchant == merchant.Merchant).ToList();
        return new[]
        {
            merchant.Merchant,
            $"{taps.Count}",
            $"{taps.Count(tap => tap.Change > 0)}",
            Yuan(-taps.Sum(tap => tap.Shown?.Change ?? 0)),
            Yuan(-taps.Sum(tap => tap.Change)),
            Yuan(merchant.ToppedUp),
            merchant.Loop is { } difference ? Yuan(difference) : "?",
            $"{balances.Count(balance => balance.Shown == balance.Cloud)}/{balances.Count}",
        };
    });

    private static string Merchant(BookedOrder order) => OrderId.TryParse(order.OrderId, null, out var id) ? id.Merchant.ToString() : "?";

    private static void Table(StringBuilder text, string title, string[] columns, IEnumerable<string[]> rows)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {title}");
        var lines = rows.ToList();
        if (lines.Count == 0)
        {
            text.AppendLine("无 none");
            return;
        }

        foreach (var line in lines.Prepend([.. columns.Select(_ => "---")]).Prepend(columns))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", line)} |");
    }

    private static string Yuan(long fen) => new Fen(fen).ToString();

    private static string Number(double value, string format = "F0") => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Words(Visit visit) => (visit.End, visit.Phone) switch
    {
        (VisitEnd.SawPaid, _) => "付款，屏幕变绿 paid, and saw green",
        (VisitEnd.PaidWithoutGreen, _) => $"付款，45 秒内未变绿 paid, no green within 45 s (手机 phone: {visit.Phone})",
        (VisitEnd.LeftWithoutPaying, _) => "未付离开 left without paying",
        (VisitEnd.TriedLate, _) => $"取消后才付 tried after the cancel (手机 phone: {visit.Phone})",
        (VisitEnd.Interrupted, _) => $"二维码提前消失 the QR went away (手机 phone: {visit.Phone ?? "–"})",
        (VisitEnd.NoQr, _) => "三次都没有二维码 no QR in three tries",
        (VisitEnd.Tapped, _) => "刷卡消费 tapped",
        (VisitEnd.TappedAgain, _) => "刷卡，撤销，再刷 tapped, taken back, tapped again",
        (VisitEnd.TapRefused, _) => $"刷卡被拒 tap refused ({visit.Refusal})",
        (VisitEnd.TapUnseen, _) => "三次刷卡都无显示 nothing shown in three taps",
        _ => throw new ArgumentOutOfRangeException(nameof(visit), visit.End, "No words for this end."),
    };

    private static string Words(string state) => state switch
    {
        "Paid" => "已支付 paid",
        "PartlyRefunded" => "部分退款 partly refunded",
        "Refunded" => "已退款 refunded",
        "Refunded (late)" => "迟付已退 late, refunded",
        "LatePaid" => "迟付待退 late, not refunded yet",
        "Closed" => "已关闭 closed",
        "Failed" => "失败 failed",
        "" => "未到云端 never reached the cloud",
        _ => $"未完 open: {state}",
    };

    private static string Words(RefundAnswer answer) => answer switch
    {
        RefundAnswer.Accepted => "受理 accepted",
        RefundAnswer.Refused => "拒绝 refused: 尚未记为已付 not recorded as paid yet",
        RefundAnswer.NoSuchOrder => "没有此单 no such order",
        RefundAnswer.Unknown => "多次询问无答复 no definite answer in many tries",
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "No words for this answer."),
    };

    private static string Words(DiscrepancyKind kind) => kind switch
    {
        DiscrepancyKind.PaidAtBankOnly => "银行已付，我方未付 paid at the bank, not with us",
        DiscrepancyKind.PaidWithUsOnly => "我方已付，银行未付 paid with us, not at the bank",
        DiscrepancyKind.AmountDiffers => "金额不同 amounts differ",
        DiscrepancyKind.RefundDiffers => "退款不同 refunds differ",
        DiscrepancyKind.RefundNotAsAsked => "退款与申请不符 refunded otherwise than asked",
        DiscrepancyKind.LateMoneyKept => "迟付未退 late money was kept",
        DiscrepancyKind.ShownButNotPaid => "显示已付但未付 shown as paid, not paid",
        DiscrepancyKind.NeverShownAsPaid => "已付但从未显示 paid, never shown",
        DiscrepancyKind.SpokenTwice => "播报两次 spoken twice",
        DiscrepancyKind.SpokenLate => "播报过晚 spoken too late",
        DiscrepancyKind.StillOpen => "未完 still open",
        DiscrepancyKind.PayableAtBank => "我方已结束，银行仍可付 ended with us, payable at the bank",
        DiscrepancyKind.UnknownToUs => "我方没有此单 unknown to us",
        DiscrepancyKind.TapMissing => "刷卡未入账 a tap that was shown is missing",
        DiscrepancyKind.TapDoubled => "刷卡入账两次 a tap is booked twice",
        DiscrepancyKind.TapDiffers => "刷卡金额不同 a tap is booked with another amount",
        DiscrepancyKind.TapNeverShown => "刷卡入账但从未显示 a tap is booked, never shown",
        DiscrepancyKind.TopUpsDiffer => "充值不符 top-ups are not as asked",
        DiscrepancyKind.ClosedLoopOpen => "卡账不平 card money does not add up",
        DiscrepancyKind.BalanceDiffers => "机器余额不同 a machine shows another balance",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No words for this discrepancy."),
    };
}
