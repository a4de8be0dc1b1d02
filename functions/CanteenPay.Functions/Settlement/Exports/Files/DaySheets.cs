using CanteenPay.Functions.Settlement.Exports.Sheets;
using CanteenPay.Protocol;
using static CanteenPay.Functions.Settlement.Exports.Sheets.ColumnKind;
using ShareColumn = CanteenPay.Functions.Settlement.Exports.Sheets.ColumnOf<CanteenPay.Functions.Settlement.Exports.Files.ExportedShare>;
using StatementColumn = CanteenPay.Functions.Settlement.Exports.Sheets.ColumnOf<CanteenPay.Functions.Settlement.Exports.Files.ExportedStatement>;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>The sheets of a whole day, for finance: all statements with how their fees are divided, and the distributors' parts.</summary>
internal static class DaySheets
{
    private static readonly IReadOnlyList<StatementColumn> StatementColumns =
    [
        StatementColumn.Of("商户号", "Merchant id", Text, row => Cell.Of(row.Statement.Merchant.Value)),
        StatementColumn.Of("商户名称", "Merchant", Text, row => Cell.Of(row.MerchantName)),
        StatementColumn.Of("结算日", "Settlement date", Date, row => Cell.Of(row.Statement.Day)),
        StatementColumn.Of("版本", "Revision", Integer, row => Cell.Of(row.Revision)),
        StatementColumn.Sum("收款笔数", "Payments", Integer, row => Cell.Of(row.Statement.PaymentCount)),
        StatementColumn.Sum("退款笔数", "Refunds", Integer, row => Cell.Of(row.Statement.RefundCount)),
        StatementColumn.Sum("调账笔数", "Of earlier days", Integer, row => Cell.Of(row.Statement.AdjustmentCount)),
        StatementColumn.Sum("收款金额", "Paid", Money, row => Cell.Of(row.Statement.Gross)),
        StatementColumn.Sum("退款金额", "Refunded", Money, row => Cell.Of(row.Statement.Refunds)),
        StatementColumn.Sum("手续费", "Fee", Money, row => Cell.Of(row.Statement.Fee)),
        StatementColumn.Sum("退还手续费", "Fee returned", Money, row => Cell.Of(row.Statement.FeeReturned)),
        StatementColumn.Sum("应结金额", "Payable", Money, row => Cell.Of(row.Statement.Payable)),
        StatementColumn.Sum("上期结转", "Carried in", Money, row => Cell.Of(row.Statement.CarriedIn)),
        StatementColumn.Sum("实付金额", "Paid out", Money, row => Cell.Of(row.Statement.PaidOut)),
        StatementColumn.Sum("结转下期", "Carried out", Money, row => Cell.Of(row.Statement.CarriedOut)),
        StatementColumn.Sum("银行分成", "Bank", Money, row => Cell.Of(row.Statement.BankPart)),
        StatementColumn.Sum("经销商分成", "Distributors", Money, row => Cell.Of(row.Statement.DistributorParts.Aggregate(Fen.Zero, (sum, part) => sum + part.Part))),
        StatementColumn.Sum("平台分成", "Platform", Money, row => Cell.Of(row.Statement.PlatformPart)),
    ];

    private static readonly IReadOnlyList<ShareColumn> ShareColumns =
    [
        ShareColumn.Of("经销商号", "Distributor id", Text, row => Cell.Of(row.Part.Distributor.Value)),
        ShareColumn.Of("经销商名称", "Distributor", Text, row => Cell.Of(row.DistributorName)),
        ShareColumn.Of("商户号", "Merchant id", Text, row => Cell.Of(row.Of.Statement.Merchant.Value)),
        ShareColumn.Of("商户名称", "Merchant", Text, row => Cell.Of(row.Of.MerchantName)),
        ShareColumn.Of("结算日", "Settlement date", Date, row => Cell.Of(row.Of.Statement.Day)),
        ShareColumn.Of("版本", "Revision", Integer, row => Cell.Of(row.Of.Revision)),
        ShareColumn.Sum("收款金额", "Paid", Money, row => Cell.Of(row.Paid)),
        ShareColumn.Sum("退款金额", "Refunded", Money, row => Cell.Of(row.Refunded)),
        ShareColumn.Sum("分润", "Share", Money, row => Cell.Of(row.Part.Part)),
    ];

    /// <summary>All merchants' statements.</summary>
    public static Sheet Settlement(IAsyncEnumerable<ExportedStatement> statements) => SheetOf.Make("结算", StatementColumns, statements);

    /// <summary>Distributors' parts.</summary>
    public static Sheet Shares(IAsyncEnumerable<ExportedShare> shares) => SheetOf.Make("分润", ShareColumns, shares);
}
