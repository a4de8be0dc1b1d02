using CanteenPay.Functions.Settlement.Exports.Sheets;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;
using static CanteenPay.Functions.Settlement.Exports.Sheets.ColumnKind;
using LineColumn = CanteenPay.Functions.Settlement.Exports.Sheets.ColumnOf<CanteenPay.Functions.Settlement.Exports.Files.PostingLine>;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>One merchant's day, posting by posting in the order of their keys, with what each costs the merchant and nothing of who earns it.</summary>
internal static class OrdersSheet
{
    private static readonly IReadOnlyList<LineColumn> Columns =
    [
        LineColumn.Of("类型", "Type", Text, line => Cell.Of(line.Posting.Kind == PostingKind.Payment ? "收款 payment" : "退款 refund")),
        LineColumn.Of("商户订单号", "Order", Text, line => Cell.Of(line.Posting.Order.Value)),
        LineColumn.Of("退款序号", "Refund no.", Integer, line => line.Posting.Kind == PostingKind.Refund ? Cell.Of(line.Posting.Refund) : Cell.Empty),
        LineColumn.Of("渠道单号", "Channel no.", Text, line => Cell.Of(line.Posting.ChannelNo)),
        LineColumn.Of("时间", "Time", Time, line => Cell.Of(line.Posting.At)),
        LineColumn.Of("支付方式", "Wallet", Text, line => Cell.Of(WalletName(line.Posting.Wallet))),
        LineColumn.Of("所属日", "Belongs to", Date, line => Cell.Of(line.Posting.EventDay)),
        LineColumn.Of("支付日", "Paid on", Date, line => Cell.Of(line.Posting.PaidDay)),
        LineColumn.Sum("收款金额", "Paid", Money, line => line.Posting.Kind == PostingKind.Payment ? Cell.Of(line.Posting.Amount) : Cell.Empty),
        LineColumn.Sum("退款金额", "Refunded", Money, line => line.Posting.Kind == PostingKind.Refund ? Cell.Of(line.Posting.Amount) : Cell.Empty),
        LineColumn.Of("费率", "Rate", Percent, line => Cell.OfBasisPoints(line.Posting.RateBasisPoints)),
        LineColumn.Sum("手续费", "Fee", Money, line => line.Posting.Kind == PostingKind.Payment ? Cell.Of(line.Fee) : Cell.Empty),
        LineColumn.Sum("退还手续费", "Fee returned", Money, line => line.Posting.Kind == PostingKind.Refund ? Cell.Of(line.FeeReturned) : Cell.Empty),
        LineColumn.Sum("净额", "Net", Money, line => Cell.Of(line.Net)),
        LineColumn.Of("备注", "Remark", Text, line => Cell.Of(Remark(line.Posting))),
    ];

    /// <summary>The columns whose totals a statement says too.</summary>
    private static readonly IReadOnlyList<(string Name, Func<Statement, Fen> Said)> Agreements =
    [
        ("Paid", statement => statement.Gross),
        ("Refunded", statement => statement.Refunds),
        ("Fee", statement => statement.Fee),
        ("Fee returned", statement => statement.FeeReturned),
        ("Net", statement => statement.Payable),
    ];

    /// <summary>The sheet of these postings.</summary>
    public static Sheet Make(IAsyncEnumerable<Posting> postings) => SheetOf.Make("明细", Columns, postings.Select(PostingLine.Of));

    /// <summary>What of the sheet differs from the statement; null when all agrees.</summary>
    public static string? Difference(SheetSums sums, Statement statement)
    {
        if (sums.Rows != statement.PaymentCount + statement.RefundCount)
            return $"The statement counts {statement.PaymentCount + statement.RefundCount} postings, the file {sums.Rows}.";
        foreach (var (name, said) in Agreements)
        {
            var column = Columns.Select(each => each.Column.EnglishName).ToList().IndexOf(name);
            if (sums[column] != said(statement).Value)
                return $"The statement says {said(statement)} under {name}, the file {new Fen(sums[column])}.";
        }

        return null;
    }

    private static string? WalletName(Wallet? wallet) => wallet switch
    {
        Wallet.WeChat => "微信支付 WeChat Pay",
        Wallet.Alipay => "支付宝 Alipay",
        Wallet.UnionPay => "云闪付 UnionPay",
        _ => null,
    };

    private static string Remark(Posting posting) => (PostingKeys.IsAdjustment(posting.Key), posting.IsLate) switch
    {
        (true, true) => "调账 adjustment; 迟到 late",
        (true, false) => "调账 adjustment",
        (false, true) => "迟到 late",
        _ => "",
    };
}
