using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Cards;

/// <summary>A revision of a merchant's card totals: table <c>Settlements</c>, partition = day, row <c>{merchantId}-c{n}</c>. The same input makes no new one.</summary>
/// <param name="Totals">What it says.</param>
/// <param name="Revision">Which one, from 1.</param>
/// <param name="Changes">In what it differs from the one before.</param>
/// <param name="MadeAt">When.</param>
internal sealed record CardTotalsRow(CardTotals Totals, int Revision, IReadOnlyList<FieldChange> Changes, DateTimeOffset MadeAt) : ITableEntity<CardTotalsRow>
{
    /// <summary>What stands between the merchant and the number.</summary>
    public const string Infix = "-c";

    /// <summary>The canonical form of what it says.</summary>
    public string Body => JsonSerializer.Serialize(Totals, SettlementJson.Default.CardTotals);

    /// <summary>Its row.</summary>
    public static string Key(MerchantId merchant, int revision) => string.Create(CultureInfo.InvariantCulture, $"{merchant}{Infix}{revision}");

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Totals.Day), Key(Totals.Merchant, Revision)) { ["IsCards"] = true, ["MadeAt"] = MadeAt };
        row.SetLong("Body", Body);
        row.SetLong("Changes", JsonSerializer.Serialize([.. Changes], SettlementJson.Default.ListFieldChange));
        return row;
    }

    /// <inheritdoc/>
    public static CardTotalsRow FromTableEntity(TableEntity row) => new(
        JsonSerializer.Deserialize(row.Long("Body"), SettlementJson.Default.CardTotals) ?? throw new InvalidOperationException($"The row {row.RowKey} has no card totals."),
        int.Parse(row.RowKey.AsSpan(MerchantId.Length + Infix.Length), NumberStyles.None, CultureInfo.InvariantCulture),
        JsonSerializer.Deserialize(row.Long("Changes"), SettlementJson.Default.ListFieldChange) ?? [],
        row.Time("MadeAt"));

    /// <summary>The revision that follows another one.</summary>
    public static CardTotalsRow After(CardTotalsRow? before, CardTotals totals, DateTimeOffset now)
    {
        var made = new CardTotalsRow(totals, (before?.Revision ?? 0) + 1, [], now);
        return before is null ? made : made with { Changes = RevisionDiff.Between(before.Body, made.Body) };
    }
}
