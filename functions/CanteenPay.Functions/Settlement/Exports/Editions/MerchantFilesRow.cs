using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>The files of one revision of a merchant's statement: table <c>Settlements</c>, partition <c>files-{date}</c>, row <c>{merchantId}-r{n}</c>. Never changed.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="Merchant">Whose.</param>
/// <param name="Revision">Of which revision of the statement.</param>
/// <param name="Files">The files.</param>
internal sealed record MerchantFilesRow(DateOnly Day, MerchantId Merchant, int Revision, IReadOnlyList<StoredFile> Files) : ITableEntity<MerchantFilesRow>
{
    private const string Prefix = "files-", Infix = "-r";

    /// <summary>The partition of a date.</summary>
    public static string Partition(DateOnly day) => $"{Prefix}{BusinessDay.Key(day)}";

    /// <summary>The row of a merchant's revision.</summary>
    public static string Key(MerchantId merchant, int revision) => string.Create(CultureInfo.InvariantCulture, $"{merchant}{Infix}{revision}");

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition(Day), Key(Merchant, Revision)) { ["Files"] = JsonSerializer.Serialize([.. Files], ExportsJson.Default.ListStoredFile) };

    /// <inheritdoc/>
    public static MerchantFilesRow FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.PartitionKey.AsSpan(Prefix.Length), "yyyyMMdd", CultureInfo.InvariantCulture),
        MerchantId.Parse(row.RowKey[..MerchantId.Length]),
        int.Parse(row.RowKey.AsSpan(MerchantId.Length + Infix.Length), NumberStyles.None, CultureInfo.InvariantCulture),
        JsonSerializer.Deserialize(row.Text("Files"), ExportsJson.Default.ListStoredFile) ?? []);
}
