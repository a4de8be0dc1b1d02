using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>Accounts that a transaction changed, until the feed has taken them up. Written in that transaction.</summary>
/// <param name="Merchant">Whose accounts.</param>
/// <param name="Key">The transaction's own key.</param>
/// <param name="Accounts">The accounts.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record ChangeRow(MerchantId Merchant, string Key, IReadOnlyList<AccountId> Accounts, ETag Version = default) : ITableEntity<ChangeRow>
{
    private const string AccountsColumn = "Accounts";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, CardKeys.Change(Key)) { [AccountsColumn] = string.Join(',', Accounts) };

    /// <inheritdoc/>
    public static ChangeRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        row.RowKey[CardKeys.ChangePrefix.Length..],
        [.. (row.GetString(AccountsColumn) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(AccountId.Parse)],
        row.ETag);
}
