using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
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
    private const string MovedColumn = "Moved";

    /// <summary>
    /// The key of an operation whose first (and only) <see cref="MovedRow"/> was written in that transaction, and whose ledger rows the feed is to write; null where
    /// there is none, or where its ledger rows are somebody else's to write.
    /// </summary>
    public string? Moved { get; init; }

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, CardKeys.Change(Key)) { [AccountsColumn] = string.Join(',', Accounts) };
        row.SetIfAny(MovedColumn, Moved);
        return row;
    }

    /// <inheritdoc/>
    public static ChangeRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        row.RowKey[CardKeys.ChangePrefix.Length..],
        [.. (row.GetString(AccountsColumn) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(AccountId.Parse)],
        row.ETag)
    {
        Moved = row.GetString(MovedColumn),
    };
}
