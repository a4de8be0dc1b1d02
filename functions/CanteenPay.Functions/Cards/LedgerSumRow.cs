using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>What sums need of a line of the ledger.</summary>
/// <param name="RowKey">See <see cref="CardKeys.Entry"/> and <see cref="CardKeys.CloudEntry"/>.</param>
/// <param name="Account">Whose money.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Amount">In fen, not negative.</param>
/// <param name="Day">The posting day.</param>
/// <param name="Flags">What somebody should look at.</param>
internal sealed record LedgerSumRow(string RowKey, AccountId Account, LedgerKind Kind, Fen Amount, DateOnly Day, EntryFlags Flags) : ITableEntity<LedgerSumRow>
{
    /// <summary>The columns that are fetched.</summary>
    public static readonly IReadOnlyList<string> Columns = ["AccountId", "Kind", "Amount", "Flags"];

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => throw new NotSupportedException("A line of the ledger is written whole.");

    /// <inheritdoc/>
    public static LedgerSumRow FromTableEntity(TableEntity row) => new(
        row.RowKey,
        AccountId.Parse(row.Text("AccountId")),
        row.Name<LedgerKind>("Kind") ?? throw new InvalidOperationException($"The row {row.RowKey} has no kind."),
        row.Fen("Amount"),
        DateOnly.ParseExact(row.PartitionKey[(MerchantId.Length + 1)..], "yyyyMMdd", CultureInfo.InvariantCulture),
        (EntryFlags)(row.GetInt32("Flags") ?? 0));
}
