using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>An account as a row. The account itself is one column of JSON: it is always read and written whole, and machines are sent it as it is.</summary>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Account">The account.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record AccountRow(MerchantId Merchant, CardAccount Account, ETag Version) : ITableEntity<AccountRow>
{
    /// <summary>The column that holds the sum of its lots, in fen: the closed loop reads no more of an account.</summary>
    public const string BalanceColumn = "Balance";

    private const string AccountColumn = "Account";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, CardKeys.Account(Account.AccountId))
    {
        [AccountColumn] = JsonSerializer.Serialize(Account, FunctionsJson.Default.CardAccount),
        [BalanceColumn] = Account.Balance.Value,
    };

    /// <inheritdoc/>
    public static AccountRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        JsonSerializer.Deserialize(row.GetString(AccountColumn) ?? "null", FunctionsJson.Default.CardAccount)
            ?? throw new InvalidOperationException($"The row {row.RowKey} has no account."),
        row.ETag);
}
