using System.Text;
using CanteenPay.BankSimulator.Gateway;

namespace CanteenPay.BankSimulator.Bill;

/// <summary>The bill as text: a byte order mark, 38 columns, a backtick before every value, yuan, then the summary. Commas inside values stay.</summary>
internal static class BillText
{
    private const string Columns =
        "交易时间,公众账号ID,第三方商户号,商户号,子商户号,设备编号,平台订单号,第三方订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,"
        + "企业红包金额,平台退款单号,商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,终端类型,对账标识,门店编号,商户名称,"
        + "收银员,子商户ID,免充值券金额,实收金额,结算金额,扩展字段2,扩展字段3,扩展字段4";

    private const string SummaryColumns = "总交易单数,总交易额,总退款金额,总企业红包退款金额,总手续费金额,总实收金额";

    public static string Write(IReadOnlyList<BillLine> lines)
    {
        var text = new StringBuilder("\uFEFF").Append(Columns).Append("\r\n");
        foreach (var line in lines)
            AppendRow(text, Values(line));
        var paid = lines.Where(l => l.Refund is null).Sum(l => l.Order.TotalFee);
        var refunded = lines.Sum(l => l.Refund?.RefundFee ?? 0);
        text.Append(SummaryColumns).Append("\r\n");
        AppendRow(text, [$"{lines.Count}", Yuan.Text(paid), Yuan.Text(refunded), "0", Yuan.Text(lines.Sum(l => l.Fee)), Yuan.Text(paid - refunded)]);
        return text.ToString();
    }

    private static string[] Values(BillLine line)
    {
        var (order, refund) = (line.Order, line.Refund);
        var payment = order.Payment!;
        var (paid, received) = refund is null ? (order.TotalFee, order.TotalFee) : (0L, -refund.RefundFee);
        return
        [
            BankTime.Spaced(line.At), "", "", order.Merchant.MchId, "", order.DeviceInfo, order.TransactionId, payment.OutTransactionId, order.OutTradeNo, payment.OpenId,
            payment.TradeType, refund is null ? "支付成功" : "转入退款", "", "CNY", Yuan.Text(paid),
            "0.00", refund?.RefundId ?? "", refund?.OutRefundNo ?? "", Yuan.Text(refund?.RefundFee ?? 0), "0.00", refund is null ? "" : "ORIGINAL", refund is null ? "" : "SUCCESS",
            order.Body, order.Attach, Yuan.Text(line.Fee), $"{order.Merchant.FeeBasisPoints / 100}.{order.Merchant.FeeBasisPoints % 100:00}0%", "", "", "", order.Merchant.Name,
            "", "", "0.00", Yuan.Text(received), Yuan.Text(received - line.Fee), "", "", "",
        ];
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> values) =>
        text.AppendJoin(',', values.Select(v => "`" + v.ReplaceLineEndings(" "))).Append("\r\n");
}
