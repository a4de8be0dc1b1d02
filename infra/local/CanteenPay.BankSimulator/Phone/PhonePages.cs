using System.Text.Encodings.Web;
using System.Text.Unicode;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Phone;

/// <summary>What the diner sees. Plain forms and no script; the ids are for browser tests. Addresses are relative: the public one may have a path.</summary>
internal static class PhonePages
{
    private const string Style = """
        *{box-sizing:border-box}body{margin:0;font-family:"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;background:#ededed;color:#191919}
        header{padding:14px;text-align:center;color:#fff;font-size:18px;background:var(--tint)}
        main{max-width:420px;margin:0 auto;padding:24px 20px}
        .card{background:#fff;border-radius:12px;padding:32px 20px;text-align:center}
        .to{color:#666;margin:0 0 12px;font-size:16px;overflow-wrap:anywhere}
        #amount{font-size:48px;font-weight:600;margin:0}
        .for{color:#888;font-size:14px;margin:16px 0 0;overflow-wrap:anywhere}
        button{display:block;width:100%;margin:20px 0 0;padding:15px;border:0;border-radius:8px;font:inherit;font-size:18px;color:#fff;background:var(--tint)}
        button.quiet{background:#fff;color:#576b95}button.wechat{background:#07c160}button.alipay{background:#1677ff}
        #result{font-size:24px;margin:0;color:var(--tint)}.mark{font-size:56px;line-height:1;margin:0 0 12px;color:var(--tint)}
        """;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>An ordinary browser is asked which wallet it is.</summary>
    public static string Choose(BankOrder order) => Page("扫码支付", "#4a5568", $"""
        <div class="card">{Amount(order)}</div>
        <form method="get" action="{order.Token}"><input type="hidden" name="wallet" value="wechat"><button id="choose-wechat" class="wechat">用微信支付</button></form>
        <form method="get" action="{order.Token}"><input type="hidden" name="wallet" value="alipay"><button id="choose-alipay" class="alipay">用支付宝支付</button></form>
        """);

    /// <summary>The wallet's cashier.</summary>
    public static string Cashier(BankOrder order, PayWallet wallet) => Page(Title(wallet), Tint(wallet), $"""
        <div class="card">{Amount(order)}</div>
        <form method="post" action="{order.Token}">
        <input type="hidden" name="wallet" value="{WalletOfPhone.NameOf(wallet)}">
        <button id="pay" name="do" value="pay">确认付款</button>
        <button id="give-up" class="quiet" name="do" value="give-up">放弃</button>
        </form>
        """);

    /// <summary>The end, whichever it is.</summary>
    public static string Result(BankOrder order, PayWallet? wallet, string state)
    {
        var (mark, text, tint) = state switch
        {
            "success" => ("✓", "支付成功", wallet is { } w ? Tint(w) : "#07c160"),
            "already-paid" => ("✓", "订单已支付，请勿重复付款", "#4a5568"),
            "closed" => ("×", "订单已关闭，请重新扫码", "#c0392b"),
            "expired" => ("×", "二维码已过期，请重新扫码", "#c0392b"),
            _ => ("○", "已放弃支付", "#4a5568"),
        };
        return Page(wallet is { } known ? Title(known) : "扫码支付", tint, $"""
            <div class="card"><p class="mark">{mark}</p><h1 id="result" data-state="{state}">{text}</h1>{Amount(order)}</div>
            """);
    }

    /// <summary>A code that names no order.</summary>
    public static string Unknown() => Page("扫码支付", "#c0392b", """
        <div class="card"><p class="mark">×</p><h1 id="result" data-state="unknown">二维码无效</h1></div>
        """);

    /// <summary>Text made safe for a page.</summary>
    public static string Encode(string text) => Html.Encode(text);

    private static string Amount(BankOrder order) => $"""
        <p class="to">付款给 <span id="merchant">{Encode(order.Merchant.Name)}</span></p>
        <p id="amount">¥{Yuan.Text(order.TotalFee)}</p>
        <p class="for">{Encode(order.Body)}</p>
        """;

    private static string Title(PayWallet wallet) => wallet is PayWallet.WeChat ? "微信支付" : "支付宝";

    private static string Tint(PayWallet wallet) => wallet is PayWallet.WeChat ? "#07c160" : "#1677ff";

    private static string Page(string title, string tint, string main) => $$"""
        <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <title>{{title}}</title><style>:root{--tint:{{tint}}}{{Style}}</style></head>
        <body><header>{{title}}</header><main>{{main}}</main></body></html>
        """;
}
