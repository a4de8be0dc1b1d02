using System.Globalization;
using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>The query string of a query's pages.</summary>
internal sealed record TableQuery(string Text)
{
    internal static TableQuery Create(string? filter, int maxPerPage, IEnumerable<string>? select)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPerPage);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPerPage, 1000);
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"$top={maxPerPage}")];
        if (!string.IsNullOrWhiteSpace(filter))
        {
            parts.Add($"$filter={Uri.EscapeDataString(filter)}");
        }

        if (select is not null)
        {
            var names = select.Prepend("Timestamp").Prepend("RowKey").Prepend("PartitionKey").Distinct(StringComparer.Ordinal);
            parts.Add($"$select={Uri.EscapeDataString(string.Join(',', names))}");
        }

        return new(string.Join('&', parts));
    }

    internal string At(TableContinuation? position)
    {
        if (position is null)
        {
            return Text;
        }

        var row = position.NextRowKey is null ? "" : $"&NextRowKey={Uri.EscapeDataString(position.NextRowKey)}";
        return $"{Text}&NextPartitionKey={Uri.EscapeDataString(position.NextPartitionKey)}{row}";
    }
}

/// <summary>Where the next page begins. The service may send one with an empty page; without one, the query has ended.</summary>
internal sealed record TableContinuation(string NextPartitionKey, string? NextRowKey)
{
    internal static TableContinuation? Next(Response response, TableContinuation? previous)
    {
        if (!response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition) || string.IsNullOrEmpty(partition))
        {
            return null;
        }

        TableContinuation next = new(partition, response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row) && row.Length > 0 ? row : null);
        return next != previous ? next : throw new RequestFailedException(0, "The query does not advance: the service sent the same continuation twice.");
    }
}
