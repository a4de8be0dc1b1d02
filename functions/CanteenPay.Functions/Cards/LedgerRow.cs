using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>A line of the ledger as a row.</summary>
/// <param name="Merchant">Whose ledger.</param>
/// <param name="RowKey">See <see cref="CardKeys.Entry"/> and <see cref="CardKeys.CloudEntry"/>.</param>
/// <param name="Entry">The line.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record LedgerRow(MerchantId Merchant, string RowKey, LedgerEntry Entry, ETag Version = default) : ITableEntity<LedgerRow>
{
    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(CardKeys.LedgerPartition(Merchant, Entry.PostingDay), RowKey)
        {
            ["AccountId"] = Entry.AccountId.Value,
            ["Kind"] = Entry.Kind.ToString(),
            ["Purse"] = Entry.Purse.ToString(),
            ["Lot"] = Entry.Lot,
            ["Amount"] = Entry.Amount.Value,
            ["BalanceAfter"] = Entry.BalanceAfter.Value,
            ["At"] = Entry.At,
            ["Flags"] = (int)Entry.Flags,
        };
        row.SetIfAny("Hash", Entry.Hash?.Value);
        row.SetIfAny("Operation", Entry.Operation);
        if (Entry.Tapped is { } tapped)
            row["Tapped"] = JsonSerializer.Serialize(tapped, FunctionsJson.Default.CardEntry);
        return row;
    }

    /// <inheritdoc/>
    public static LedgerRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey[..MerchantId.Length]),
        row.RowKey,
        new()
        {
            AccountId = AccountId.Parse(row.Text("AccountId")),
            Kind = row.Name<LedgerKind>("Kind") ?? throw new InvalidOperationException($"The row {row.RowKey} has no kind."),
            Purse = row.Name<Purse>("Purse") ?? throw new InvalidOperationException($"The row {row.RowKey} has no purse."),
            Lot = row.Text("Lot"),
            Amount = row.Fen("Amount"),
            BalanceAfter = row.Fen("BalanceAfter"),
            At = row.Time("At"),
            PostingDay = DateOnly.ParseExact(row.PartitionKey[(MerchantId.Length + 1)..], "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture),
            Tapped = row.GetString("Tapped") is { } json ? JsonSerializer.Deserialize(json, FunctionsJson.Default.CardEntry) : null,
            Hash = row.GetString("Hash") is { } hash ? EntryHash.Parse(hash) : null,
            Operation = row.GetString("Operation"),
            Flags = (EntryFlags)(row.GetInt32("Flags") ?? 0),
        },
        row.ETag);
}
