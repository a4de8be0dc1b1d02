using System.Text;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Merchants;
using CanteenPay.BankSimulator.Notify;
using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Control;

/// <summary>The page at <c>/</c>: merchants and the last orders. It never shows a key.</summary>
internal static class StatusPage
{
    /// <summary>How the bank's own pages look.</summary>
    public const string Style = """
        body{font:14px/1.5 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;margin:32px auto;padding:0 24px;max-width:76rem;color:#1c2330;background:#f3f5f8}
        h1{font-size:1.5rem;margin:0}h1 small{color:#5b6472;font-weight:400;font-size:1rem}h2{font-size:1rem;margin:24px 0 8px}
        table{border-collapse:collapse;width:100%;background:#fff;border-radius:10px;overflow:hidden;box-shadow:0 1px 3px #1c233022}
        td,th{text-align:left;padding:6px 12px;border-top:1px solid #edf0f4}th{color:#5b6472;background:#f9fafc;font-weight:500;border-top:0}a{color:#0b5cad;text-decoration:none}
        """;

    private const int MaxOrders = 50;

    public static void MapStatusPage(this IEndpointRouteBuilder endpoints)
    {
        var book = endpoints.ServiceProvider.GetRequiredService<OrderBook>();
        var settings = endpoints.ServiceProvider.GetRequiredService<BankSettings>();
        var merchants = endpoints.ServiceProvider.GetRequiredService<MerchantDirectory>();
        var notifier = endpoints.ServiceProvider.GetRequiredService<Notifier>();
        endpoints.MapGet("/", context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'";
            return context.Response.WriteAsync(Page(settings, merchants.All(), notifier.Enabled, book.Latest(MaxOrders)), context.RequestAborted);
        });
    }

    private static string Page(BankSettings settings, IReadOnlyList<BankMerchant> known, bool notifying, IReadOnlyList<BankOrder> orders)
    {
        var merchants = new StringBuilder();
        foreach (var merchant in known)
            merchants.Append($"<tr><td>{E(merchant.MchId)}<td>{E(merchant.Name)}<td>{(merchant.UsesRsa ? "RSA_1_256" : "MD5")}{(merchant.AgentNo is { } agent ? $" · 服务商 {E(agent)}" : "")}");
        var rows = new StringBuilder();
        foreach (var order in orders)
        {
            var tries = order.Notifications.IsEmpty ? "" : $"{order.Notifications.Count} × {E(order.Notifications[^1].Outcome)}";
            rows.Append($"<tr><td>{BankTime.Spaced(order.CreatedAt)}<td><a href=\"/q/{order.Token}\">{E(order.OutTradeNo)}</a><td>{E(order.Merchant.MchId)}")
                .Append($"<td>¥{Yuan.Text(order.TotalFee)}<td>{order.TradeState}<td>{order.Payment?.Wallet}<td>{tries}");
        }

        return $$"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>模拟银行 Bank</title>
            <style>{{Style}}</style></head>
            <body><h1>模拟银行 <small>Bank simulator</small></h1><p>时间倍率 {{settings.TimeScale}}，通知{{(notifying ? "开" : "关")}}。点订单号，就是付款人手机上的页面。<a href="/review">商户进件审核 Review</a> · <a href="/chaos">故障与混乱 Chaos</a></p>
            <h2>商户</h2><table><tr><th>商户号<th>名称<th>签名{{merchants}}</table>
            <h2>最近订单</h2><table><tr><th>时间<th>商户订单号<th>商户号<th>金额<th>状态<th>钱包<th>通知{{rows}}</table></body></html>
            """;
    }

    private static string E(string text) => PhonePages.Encode(text);
}
