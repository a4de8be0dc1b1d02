using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>A paper: table <c>Merchants</c>, partition = merchant, row <c>document-{kind}</c>.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Info">What is shown of it.</param>
/// <param name="BlobName">Where it lies, sealed.</param>
/// <param name="Version">The version that was read; none for a new row.</param>
internal sealed record DocumentRow(MerchantId Merchant, DocumentInfo Info, string BlobName, ETag Version = default) : ITableEntity<DocumentRow>
{
    /// <summary>With what all rows of papers begin.</summary>
    public const string KeyPrefix = "document-";

    /// <summary>The first key behind them.</summary>
    public const string KeyEnd = "document.";

    /// <summary>A paper's row.</summary>
    public static string Key(DocumentKind kind) => $"{KeyPrefix}{kind.UrlName()}";

    /// <summary>What it is sealed as: a picture that is moved to another kind or name does not open.</summary>
    public string Purpose => $"{Key(Info.Kind)}|{BlobName}";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, Key(Info.Kind))
    {
        ["BlobName"] = BlobName,
        ["Sha256"] = Info.Sha256,
        ["Bytes"] = Info.Bytes,
        ["Type"] = Info.ContentType,
        ["Width"] = Info.Width,
        ["Height"] = Info.Height,
        ["At"] = Info.At,
        ["By"] = Info.By,
    };

    /// <inheritdoc/>
    /// <exception cref="FormatException">The row is of no kind of paper.</exception>
    public static DocumentRow FromTableEntity(TableEntity row)
    {
        if (!DocumentKindName.TryParse(row.RowKey[KeyPrefix.Length..], out var kind))
            throw new FormatException($"The row '{row.RowKey}' of merchant {row.PartitionKey} is of no kind of paper.");
        var info = new DocumentInfo(
            kind,
            row.GetString("Type") ?? "",
            row.GetInt32("Bytes") ?? 0,
            row.GetInt32("Width") ?? 0,
            row.GetInt32("Height") ?? 0,
            row.GetString("Sha256") ?? "",
            row.GetDateTimeOffset("At") ?? DateTimeOffset.MinValue,
            row.GetString("By") ?? "");
        return new(MerchantId.Parse(row.PartitionKey), info, row.GetString("BlobName") ?? "", row.ETag);
    }
}
