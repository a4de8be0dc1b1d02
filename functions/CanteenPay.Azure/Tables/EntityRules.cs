using System.Buffers;
using System.Text.RegularExpressions;

namespace CanteenPay.Azure.Tables;

/// <summary>What Azure refuses, checked before sending: Azurite takes some of it, so that the mistake would show only in Azure.</summary>
internal static partial class EntityRules
{
    internal const int MaxActions = 100;
    internal const int MaxTransactionBytes = 4 * 1024 * 1024;
    internal const int MaxEntityBytes = 1024 * 1024;

    // 255, less PartitionKey, RowKey and Timestamp.
    internal const int MaxProperties = 252;

    // 64 KB of UTF-16, and 1 KB for a key.
    internal const int MaxTextLength = 32 * 1024;
    internal const int MaxBinaryBytes = 64 * 1024;
    internal const int MaxKeyLength = 512;

    private static readonly SearchValues<char> NotInKeys =
        SearchValues.Create(['/', '\\', '#', '?', .. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(char.IsControl)]);

    private static readonly SearchValues<char> PlainName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    internal static void CheckTable(string name)
    {
        if (!TableName().IsMatch(name))
        {
            throw new ArgumentException($"'{name}' is no table name: 3 to 63 letters and digits, a letter first.", nameof(name));
        }
    }

    internal static void CheckKeys(string partitionKey, string rowKey)
    {
        CheckKey(partitionKey, "PartitionKey");
        CheckKey(rowKey, "RowKey");
    }

    internal static void Check(TableEntity entity)
    {
        CheckKeys(entity.PartitionKey, entity.RowKey);
        if (entity.Count > MaxProperties)
        {
            throw new ArgumentException($"{Row(entity)} has {entity.Count} properties; at most {MaxProperties} are possible.", nameof(entity));
        }

        var size = 4 + ((entity.PartitionKey.Length + entity.RowKey.Length) * 2);
        foreach (var (name, value) in entity)
        {
            CheckProperty(entity, name, value);
            size += 8 + (name.Length * 2) + EdmValue.Size(value);
        }

        if (size > MaxEntityBytes)
        {
            throw new ArgumentException($"{Row(entity)} has {size} bytes; at most {MaxEntityBytes} are possible.", nameof(entity));
        }
    }

    internal static void Check(IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count is 0 or > MaxActions)
        {
            throw new ArgumentException($"A transaction has 1 to {MaxActions} actions, not {actions.Count}.", nameof(actions));
        }

        HashSet<string> rows = new(StringComparer.Ordinal);
        foreach (var action in actions)
        {
            Check(action.Entity);
            if (action.Entity.PartitionKey != actions[0].Entity.PartitionKey)
            {
                throw new ArgumentException(
                    $"A transaction writes one partition, not '{actions[0].Entity.PartitionKey}' and '{action.Entity.PartitionKey}'.", nameof(actions));
            }

            if (!rows.Add(action.Entity.RowKey))
            {
                throw new ArgumentException($"A transaction writes row '{action.Entity.RowKey}' twice; each row is possible once.", nameof(actions));
            }
        }

        // Nearly all are so small that their text need not be written to know it.
        if (TransactionBody.MostBytes(actions) > MaxTransactionBytes && TransactionBody.Size(actions) is var bytes && bytes > MaxTransactionBytes)
        {
            throw new ArgumentException($"The transaction has {bytes} bytes; at most {MaxTransactionBytes} are possible.", nameof(actions));
        }
    }

    private static void CheckKey(string key, string which)
    {
        ArgumentNullException.ThrowIfNull(key, which);
        if (key.Length > MaxKeyLength)
        {
            throw new ArgumentException($"{which} has {key.Length} characters; at most {MaxKeyLength} (1 KB) are possible.", which);
        }

        if (key.AsSpan().ContainsAny(NotInKeys))
        {
            throw new ArgumentException($"{which} '{key}' holds one of / \\ # ? or a control character, which a key cannot.", which);
        }
    }

    private static void CheckProperty(TableEntity entity, string name, object value)
    {
        if (!IsPropertyName(name) || name is "PartitionKey" or "RowKey" or "Timestamp")
        {
            throw new ArgumentException($"{Row(entity)}: '{name}' is no name for a property: a letter or '_', then letters, digits and '_', not a system name.", nameof(name));
        }

        switch (value)
        {
            case string text when text.Length > MaxTextLength:
                throw new ArgumentException($"{Row(entity)}: '{name}' has {text.Length} characters; at most {MaxTextLength} (64 KB) are possible.", nameof(value));
            case BinaryData bytes when bytes.ToMemory().Length > MaxBinaryBytes:
                throw new ArgumentException($"{Row(entity)}: '{name}' has {bytes.ToMemory().Length} bytes; at most {MaxBinaryBytes} are possible.", nameof(value));
        }
    }

    /// <summary>All of ours are plain; what is not is looked at by the rule itself.</summary>
    private static bool IsPropertyName(string name) =>
        (name.Length is > 0 and <= 255 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(PlainName)) || PropertyName().IsMatch(name);

    private static string Row(TableEntity entity) => $"Row ('{entity.PartitionKey}', '{entity.RowKey}')";

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{2,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableName();

    [GeneratedRegex(@"\A[\p{L}_][\p{L}\p{Nd}_]{0,254}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PropertyName();
}
