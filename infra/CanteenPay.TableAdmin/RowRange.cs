using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.TableAdmin;

/// <summary>Rows of whole partitions.</summary>
/// <param name="First">The first partition; null from the beginning.</param>
/// <param name="End">The first partition that is not meant any more; null to the end.</param>
internal sealed record RowRange(string? First, string? End)
{
    /// <summary>A whole table.</summary>
    public static RowRange All { get; } = new(null, null);

    /// <summary>What lies with a merchant: the partition of its id, and those that begin with its id and a hyphen.</summary>
    public static RowRange Of(MerchantId merchant) => new(merchant.Value, $"{merchant.Value}.");

    /// <summary>One partition. The smallest key behind it ends with the first character that keys may have.</summary>
    public static RowRange Partition(string partition) => new(partition, $"{partition} ");

    /// <summary>The query; null for all rows.</summary>
    public string? Filter => (First, End) switch
    {
        (null, null) => null,
        ({ } first, null) => TableClient.CreateQueryFilter($"PartitionKey ge {first}"),
        (null, { } end) => TableClient.CreateQueryFilter($"PartitionKey lt {end}"),
        ({ } first, { } end) => TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {end}"),
    };

    /// <summary>Whether a row is meant.</summary>
    public bool Has(TableEntity row) =>
        (First is null || string.CompareOrdinal(row.PartitionKey, First) >= 0) && (End is null || string.CompareOrdinal(row.PartitionKey, End) < 0);
}
