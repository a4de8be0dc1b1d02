using Azure;
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
    private const string PartsColumn = "Parts";

    /// <summary>How many parts of the tap the machine's reversal has taken back, from the first on; null where an operation did it.</summary>
    public int? Parts { get; init; }

    /// <summary>The version that was read; default for one that was made here.</summary>
    public ETag Version { get; init; }

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, CardKeys.Reversal(Tap)) { [ByColumn] = By };
        row.SetIfAny(PartsColumn, Parts);
        return row;
    }

    /// <inheritdoc/>
    public static ReversalRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey), TapId.Parse(row.RowKey[CardKeys.ReversalPrefix.Length..]), row.Text(ByColumn))
    {
        Parts = row.GetInt32(PartsColumn),
        Version = row.ETag,
    };
}
