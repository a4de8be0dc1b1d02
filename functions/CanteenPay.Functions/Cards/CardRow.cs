using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>Whose card a number is.</summary>
/// <param name="Merchant">Whose canteen.</param>
/// <param name="No">The number.</param>
/// <param name="Account">The account that it points to; how the card stands is said there.</param>
internal sealed record CardRow(MerchantId Merchant, CardNo No, AccountId Account) : ITableEntity<CardRow>
{
    private const string AccountColumn = "AccountId";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, CardKeys.Card(No)) { [AccountColumn] = Account.Value };

    /// <inheritdoc/>
    public static CardRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey), CardNo.Parse(row.RowKey[CardKeys.CardPrefix.Length..]), AccountId.Parse(row.Text(AccountColumn)));
}
