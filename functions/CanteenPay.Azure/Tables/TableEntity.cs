using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>
/// A row as a dictionary. Values are <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="bool"/>, <see cref="double"/>,
/// <see cref="DateTimeOffset"/>, <see cref="Guid"/> or <see cref="BinaryData"/>; null is the same as absent. Names differ by case.
/// </summary>
public sealed class TableEntity : ITableEntity<TableEntity>, IEnumerable<KeyValuePair<string, object>>
{
    private SortedList<string, object> values = new(StringComparer.Ordinal);

    /// <summary>A copy has the same values: whoever is changed first takes its own.</summary>
    private bool isShared;

    /// <summary>An empty row.</summary>
    public TableEntity(string partitionKey, string rowKey)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    /// <summary>The partition: rows of one partition can be written in one transaction.</summary>
    public string PartitionKey { get; }

    /// <summary>The row's key inside its partition.</summary>
    public string RowKey { get; }

    /// <summary>The version that was read; default for a row that was made here.</summary>
    public ETag ETag { get; init; }

    /// <summary>When the service wrote the row; null for a row that was made here.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The names of the properties, in ordinal order, without the keys.</summary>
    public IReadOnlyCollection<string> Keys => Seen().Keys.AsReadOnly();

    /// <summary>How many properties the row has, without the keys.</summary>
    public int Count => values.Count;

    /// <summary>A property's value; null when absent. Setting null removes it.</summary>
    /// <exception cref="ArgumentException">The value's type has no place in a table, or a DateTime does not say whether it is UTC.</exception>
    public object? this[string key]
    {
        get => values.GetValueOrDefault(key);
        set
        {
            if (value is null)
            {
                Own().Remove(key);
            }
            else
            {
                Own()[key] = EdmValue.Normalize(key, value);
            }
        }
    }

    /// <summary>Adds a property; a null value is left out.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the value's type has no place in a table.</exception>
    public void Add(string key, object? value)
    {
        if (value is not null)
        {
            Own().Add(key, EdmValue.Normalize(key, value));
        }
    }

    /// <summary>Whether the property has a value.</summary>
    public bool ContainsKey(string key) => values.ContainsKey(key);

    /// <summary>A property's value, if it has one.</summary>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value) => values.TryGetValue(key, out value);

    /// <summary>Removes a property.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(string key) => Own().Remove(key);

    /// <summary>A text; null when absent.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public string? GetString(string key) => GetReference<string>(key);

    /// <summary>Bytes; null when absent.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public BinaryData? GetBinaryData(string key) => GetReference<BinaryData>(key);

    /// <summary>A 32-bit integer; null when absent.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public int? GetInt32(string key) => GetValue<int>(key);

    /// <summary>A 64-bit integer (a 32-bit one is widened); null when absent.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public long? GetInt64(string key) => values.GetValueOrDefault(key) is int narrow ? narrow : GetValue<long>(key);

    /// <summary>A truth value; null when absent.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public bool? GetBoolean(string key) => GetValue<bool>(key);

    /// <summary>A floating-point number; null when absent. Never for money.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public double? GetDouble(string key) => GetValue<double>(key);

    /// <summary>A time in UTC, to 100 ns; null when absent.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public DateTimeOffset? GetDateTimeOffset(string key) => GetValue<DateTimeOffset>(key);

    /// <summary>A GUID; null when absent.</summary>
    /// <exception cref="InvalidOperationException">The property has another type.</exception>
    public Guid? GetGuid(string key) => GetValue<Guid>(key);

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => this;

    /// <inheritdoc/>
    public static TableEntity FromTableEntity(TableEntity row) => row;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => Seen().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A copy with the version and time that the service gave it.</summary>
    public TableEntity Stored(ETag etag, DateTimeOffset? timestamp)
    {
        isShared = true;
        return new(PartitionKey, RowKey) { ETag = etag, Timestamp = timestamp, values = values, isShared = true };
    }

    /// <summary>Whoever looks through the values may change the row meanwhile.</summary>
    private SortedList<string, object> Seen()
    {
        isShared = true;
        return values;
    }

    private SortedList<string, object> Own()
    {
        if (isShared)
        {
            (values, isShared) = (new(values, StringComparer.Ordinal), false);
        }

        return values;
    }

    private T? GetReference<T>(string key)
        where T : class => !values.TryGetValue(key, out var value) ? null : value as T ?? throw WrongType<T>(key, value);

    private T? GetValue<T>(string key)
        where T : struct => !values.TryGetValue(key, out var value) ? null : value is T typed ? typed : throw WrongType<T>(key, value);

    private InvalidOperationException WrongType<T>(string key, object value) =>
        new($"Property '{key}' of row ('{PartitionKey}', '{RowKey}') is {value.GetType().Name}, not {typeof(T).Name}.");
}
