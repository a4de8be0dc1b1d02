using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>That a tap was reversed: inserted in the transaction that does it, so that it happens once.</summary>
/// <param name="Merchant">Whose canteen.</param>
/// <param name="Tap">The tap.</param>
/// <param name="By">The tap id of the machine's reversal (all of whose parts may find the row there), or the key of the operation.</param>
internal sealed record ReversalRow(MerchantId Merchant, TapId Tap, string By) : ITableEntity<ReversalRow>
{
    private const string ByColumn = "By";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, CardKeys.Reversal(Tap)) { [ByColumn] = By };

    /// <inheritdoc/>
    public static ReversalRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey), TapId.Parse(row.RowKey[CardKeys.ReversalPrefix.Length..]), row.Text(ByColumn));
}
