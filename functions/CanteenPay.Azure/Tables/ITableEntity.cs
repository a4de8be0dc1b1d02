namespace CanteenPay.Azure.Tables;

/// <summary>Something that can be written as a row.</summary>
public interface ITableEntity
{
    /// <summary>The row: its keys, and every property that has a value.</summary>
    TableEntity ToTableEntity();
}

/// <summary>A type that says itself how it becomes a row and how it is read from one. No reflection takes part.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface ITableEntity<TSelf> : ITableEntity
    where TSelf : ITableEntity<TSelf>
{
    /// <summary>Reads a row. Its <see cref="TableEntity.ETag"/> is what a conditional update needs later: keep it.</summary>
    static abstract TSelf FromTableEntity(TableEntity row);
}
