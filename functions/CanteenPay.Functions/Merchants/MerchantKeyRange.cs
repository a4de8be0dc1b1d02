using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Merchants;

/// <summary>Rows of one partition whose keys begin alike.</summary>
internal static class MerchantKeyRange
{
    /// <summary>The filter for them.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="prefix">How the keys begin; not empty.</param>
    public static string Filter(string partition, string prefix)
    {
        var after = prefix[..^1] + (char)(prefix[^1] + 1);
        return TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {prefix} and RowKey lt {after}");
    }
}
