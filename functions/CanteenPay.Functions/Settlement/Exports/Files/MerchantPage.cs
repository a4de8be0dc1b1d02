using System.Globalization;
using System.Net;
using System.Text;
using CanteenPay.Functions.Settlement.Exports.Sheets;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>
/// A merchant's statement to be printed and signed, on A4: one file without anything beside it, the same bytes for the same statement. It shows what the merchant is owed and
/// what it was charged, and nothing of who earns the fee.
/// </summary>
internal static class MerchantPage
{
    private const string Style = """
        @page{size:A4;margin:18mm 16mm}
        *{box-sizing:border-box}
        body{font:10.5pt/1.5 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif;color:#111;max-width:178mm;margin:0 auto;padding:4mm 0}
        h1{font-size:18pt;margin:0;text-align:center}h1 small,h2 small{font-weight:normal;color:#555;font-size:.65em;margin-left:.6em}
        h2{font-size:12pt;margin:7mm 0 2mm}
        table{width:100%;border-collapse:collapse}
        td,th{padding:1.2mm 2mm;border-bottom:.2mm solid #bbb;text-align:left;vertical-align:top;overflow-wrap:anywhere}
        td small,th small{color:#555;margin-left:.5em}
        .n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .sum td{font-weight:bold;border-top:.5mm solid #111;border-bottom:.5mm solid #111}
        .sign{display:flex;gap:10mm;margin-top:16mm}.sign div{flex:1;border-top:.3mm solid #111;padding-top:1mm}
        footer{margin-top:8mm;color:#555;font-size:8pt;overflow-wrap:anywhere}
        tr,.sign{break-inside:avoid}
        """;

    /// <summary>Writes the page; the stream stays open.</summary>
    public static async Task WriteAsync(ExportedStatement exported, Stream output, CancellationToken cancellationToken) =>
        await output.WriteAsync(Encoding.UTF8.GetBytes(Page(exported)), cancellationToken);

    private static string Page(ExportedStatement exported)
    {
        var statement = exported.Statement;
        var page = new StringBuilder(8 * 1024);
        page.Append("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
            .Append(Text($"{exported.MerchantName} {Day(statement.Day)} 结算单"))
            .Append("</title>\n<style>\n").Append(Style.ReplaceLineEndings("\n")).Append("\n</style>\n</head>\n<body>\n<h1>商户结算单<small>Merchant settlement statement</small></h1>\n");
        Table(page, "商户", "Merchant", [
            ("商户名称", "Name", exported.MerchantName),
            ("商户号", "Merchant id", statement.Merchant.Value),
            ("结算日", "Settlement date", Day(statement.Day)),
            ("版本", "Revision", Count(exported.Revision)),
        ], isNumbers: false);
        Table(page, "交易", "Business", [
            ("收款笔数", "Payments", Count(statement.PaymentCount)),
            ("退款笔数", "Refunds", Count(statement.RefundCount)),
            ("其中以前日期的调账笔数", "Of these, of earlier days", Count(statement.AdjustmentCount)),
        ]);
        Rates(page, statement);
        Table(page, "结算（元）", "Settlement (CNY)", [
            ("收款金额", "Paid", Yuan(statement.Gross)),
            ("退款金额", "Refunded", Yuan(Fen.Zero - statement.Refunds)),
            ("手续费", "Fee", Yuan(Fen.Zero - statement.Fee)),
            ("退还手续费", "Fee returned", Yuan(statement.FeeReturned)),
            ("应结金额", "Payable", Yuan(statement.Payable)),
            ("上期结转", "Carried in", Yuan(statement.CarriedIn)),
            ("结转下期", "Carried out", Yuan(statement.CarriedOut)),
        ]);
        page.Append("<table><tr class=\"sum\"><td>实付金额<small>Paid out</small></td><td class=\"n\">¥ ").Append(Yuan(statement.PaidOut)).Append("</td></tr></table>\n");
        page.Append("<div class=\"sign\"><div>商户签章<small> Merchant</small></div><div>结算方签章<small> Settled by</small></div><div>日期<small> Date</small></div></div>\n");
        page.Append("<footer>实付金额 = 应结金额 + 上期结转，不足零的部分结转下期。Paid out = payable + carried in; what is below zero is carried out.<br>")
            .Append("明细校验 Digest of the postings: SHA-256 ").Append(Text(statement.PostingsDigest)).Append("</footer>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>What was charged, rate by rate: terms that differ only in who earns the fee are one to the merchant.</summary>
    private static void Rates(StringBuilder page, Statement statement)
    {
        page.Append("<h2>费率<small>Rates</small></h2>\n<table><tr><th>费率<small>Rate</small></th><th class=\"n\">收款金额<small>Paid</small></th><th class=\"n\">退款金额<small>Refunded</small></th></tr>\n");
        foreach (var rate in statement.Terms.GroupBy(line => line.RateBasisPoints).OrderBy(rate => rate.Key))
        {
            page.Append("<tr><td>").Append(CellText.Percent(rate.Key))
                .Append("</td><td class=\"n\">").Append(Yuan(rate.Aggregate(Fen.Zero, (sum, line) => sum + line.Payments)))
                .Append("</td><td class=\"n\">").Append(Yuan(rate.Aggregate(Fen.Zero, (sum, line) => sum + line.Refunds))).Append("</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void Table(StringBuilder page, string title, string englishTitle, IEnumerable<(string Name, string EnglishName, string Value)> rows, bool isNumbers = true)
    {
        page.Append("<h2>").Append(title).Append("<small>").Append(englishTitle).Append("</small></h2>\n<table>\n");
        foreach (var (name, englishName, value) in rows)
        {
            page.Append("<tr><td>").Append(name).Append("<small>").Append(englishName).Append("</small></td><td").Append(isNumbers ? " class=\"n\">" : ">")
                .Append(Text(value)).Append("</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(XlsxText.Holdable(text));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>With thousands separators, as paper has them.</summary>
    private static string Yuan(Fen amount)
    {
        var text = amount.ToString();
        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        var grouped = new StringBuilder(text.Length + 8);
        for (var at = 0; at < digits.Length; at++)
        {
            grouped.Append(digits[at]);
            var left = digits.Length - ".00".Length - 1 - at;
            if (left > 0 && left % 3 == 0)
                grouped.Append(',');
        }

        return text[0] == '-' ? $"-{grouped}" : grouped.ToString();
    }
}
