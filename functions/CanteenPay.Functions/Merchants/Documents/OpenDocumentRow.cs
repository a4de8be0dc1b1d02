using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>
/// Notes that a merchant's blobs are being changed: table <c>Merchants</c>, partition <c>documents-open</c>. Written before the first blob, deleted last, so that
/// what a kill left is found without going through all blobs.
/// </summary>
/// <param name="Merchant">Whose.</param>
/// <param name="At">When it began.</param>
/// <param name="Mark">Tells changes of one second apart.</param>
internal sealed record OpenDocumentRow(MerchantId Merchant, DateTimeOffset At, string Mark) : ITableEntity<OpenDocumentRow>
{
    /// <summary>The partition of all of them; no merchant's id looks like it.</summary>
    public const string Partition = "documents-open";

    private const int MarkLength = 8;

    /// <summary>A new one.</summary>
    public static OpenDocumentRow New(MerchantId merchant, DateTimeOffset at) => new(merchant, at, Crockford.Random(MarkLength));

    /// <summary>Its row, by age.</summary>
    public string Key => $"{Time(At)}-{Merchant}-{Mark}";

    /// <summary>Before this key lie those that are older.</summary>
    public static string KeyOf(DateTimeOffset instant) => Time(instant);

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition, Key) { ["Merchant"] = Merchant.Value, ["At"] = At, ["Mark"] = Mark };

    /// <inheritdoc/>
    public static OpenDocumentRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.GetString("Merchant") ?? ""), row.GetDateTimeOffset("At") ?? DateTimeOffset.MinValue, row.GetString("Mark") ?? "");

    private static string Time(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}
