using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Exports.Sheets;
using static CanteenPay.Functions.Settlement.Exports.Sheets.ColumnKind;
using CardColumn = CanteenPay.Functions.Settlement.Exports.Sheets.ColumnOf<CanteenPay.Functions.Settlement.Exports.Files.ExportedCards>;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>A merchant's card totals as files show them.</summary>
/// <param name="Totals">The totals.</param>
/// <param name="Revision">Which of the merchant's day, from 1.</param>
/// <param name="MerchantName">What people call the merchant.</param>
internal sealed record ExportedCards(CardTotals Totals, int Revision, string MerchantName);

/// <summary>Card money of a day by merchant, for finance. None of it went through a channel.</summary>
internal static class CardSheet
{
    private static readonly IReadOnlyList<CardColumn> Columns =
    [
        CardColumn.Of("商户号", "Merchant id", Text, row => Cell.Of(row.Totals.Merchant.Value)),
        CardColumn.Of("商户名称", "Merchant", Text, row => Cell.Of(row.MerchantName)),
        CardColumn.Of("记账日", "Posting day", Date, row => Cell.Of(row.Totals.Day)),
        CardColumn.Of("版本", "Revision", Integer, row => Cell.Of(row.Revision)),
        CardColumn.Sum("柜台充值", "Top-ups", Money, row => Cell.Of(row.Totals.TopUps)),
        CardColumn.Sum("补贴", "Subsidies", Money, row => Cell.Of(row.Totals.Subsidies)),
        CardColumn.Sum("消费笔数", "Debits no.", Integer, row => Cell.Of(row.Totals.DebitCount)),
        CardColumn.Sum("消费", "Debits", Money, row => Cell.Of(row.Totals.Debits)),
        CardColumn.Sum("消费撤销", "Reversals", Money, row => Cell.Of(row.Totals.Reversals)),
        CardColumn.Sum("销户退款", "Payouts", Money, row => Cell.Of(row.Totals.Payouts)),
        CardColumn.Sum("补贴过期", "Expiries", Money, row => Cell.Of(row.Totals.Expiries)),
        CardColumn.Sum("更正", "Corrections", Money, row => Cell.Of(row.Totals.Corrections)),
        CardColumn.Sum("当日变动", "Change", Money, row => Cell.Of(row.Totals.Change)),
        CardColumn.Sum("计次笔数", "Meals", Integer, row => Cell.Of(row.Totals.MealCount)),
        CardColumn.Of("账户余额", "Balances", Money, row => row.Totals.Balance is { } balance ? Cell.Of(balance) : Cell.Empty),
        CardColumn.Of("账务闭环", "Closed loop", Text, row => Cell.Of(row.Totals.IsLoopClosed switch
        {
            true => "相符 agrees",
            false => "不符 differs",
            null => null,
        })),
    ];

    /// <summary>The sheet.</summary>
    public static Sheet Make(IAsyncEnumerable<ExportedCards> cards) => SheetOf.Make("卡账", Columns, cards);
}
