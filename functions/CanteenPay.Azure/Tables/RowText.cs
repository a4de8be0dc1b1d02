using System.Text.Json;

namespace CanteenPay.Azure.Tables;

/// <summary>A row as one line of JSON with the types of its values, as the service itself writes it: what copies of tables are made of.</summary>
public static class RowText
{
    /// <summary>The line, without its end, in UTF-8. Version and time are not part of it.</summary>
    public static byte[] Write(TableEntity row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return EntityJson.Write(row);
    }

    /// <summary>The row of a line.</summary>
    /// <exception cref="FormatException">The line is no row that a table could hold.</exception>
    public static TableEntity Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            var row = EntityJson.Read(line, header: null);
            EntityRules.Check(row);
            return row;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException($"A line of {line.Length} bytes is no row: {e.Message}", e);
        }
    }

    /// <summary>Whether two rows hold the same: keys, names, types and values. When and in which version they were written does not count.</summary>
    public static bool AreEqual(TableEntity left, TableEntity right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.PartitionKey == right.PartitionKey && left.RowKey == right.RowKey && left.Count == right.Count
            && left.All(pair => right.TryGetValue(pair.Key, out var value) && EdmValue.AreEqual(pair.Value, value));
    }
}
