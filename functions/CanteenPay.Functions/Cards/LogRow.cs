using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>One version of a merchant's feed: which accounts changed. It names them; what is sent is what they are then.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Version">The version.</param>
/// <param name="At">When.</param>
/// <param name="Accounts">The accounts.</param>
internal sealed record LogRow(MerchantId Merchant, long Version, DateTimeOffset At, IReadOnlyList<AccountId> Accounts) : ITableEntity<LogRow>
{
    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, CardKeys.Log(Version)) { ["At"] = At, ["Accounts"] = string.Join(',', Accounts) };

    /// <inheritdoc/>
    public static LogRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        long.Parse(row.RowKey.AsSpan(CardKeys.LogPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture),
        row.Time("At"),
        [.. row.Text("Accounts").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(AccountId.Parse)]);
}
