using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>One write of an entity-group transaction.</summary>
public sealed class TableTransactionAction
{
    /// <param name="actionType">What to do.</param>
    /// <param name="entity">The row; for a delete only its keys count.</param>
    /// <param name="etag">
    /// The version that an update or delete expects, or <see cref="ETag.All"/> for any.
    /// An update must say which; a delete without one takes any; inserts and upserts take none.
    /// </param>
    /// <exception cref="ArgumentException">An update without a version, or an insert or upsert with one.</exception>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ActionType = actionType;
        Entity = entity.ToTableEntity();
        var conditional = actionType is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace or TableTransactionActionType.Delete;
        if (!conditional && etag != default)
        {
            throw new ArgumentException($"{actionType} takes no ETag: it does not look at what is stored.", nameof(etag));
        }

        if (conditional && etag == default && actionType != TableTransactionActionType.Delete)
        {
            throw new ArgumentException($"{actionType} needs the ETag that was read, or ETag.All to overwrite whatever is stored.", nameof(etag));
        }

        ETag = conditional && etag == default ? ETag.All : etag;
    }

    /// <summary>What to do.</summary>
    public TableTransactionActionType ActionType { get; }

    /// <summary>The row.</summary>
    public TableEntity Entity { get; }

    /// <summary>The expected version; default when the action takes none.</summary>
    public ETag ETag { get; }
}

/// <summary>What one action of a transaction does.</summary>
public enum TableTransactionActionType
{
    /// <summary>Insert; fails when the row exists.</summary>
    Add,

    /// <summary>Change the given properties of a row that exists.</summary>
    UpdateMerge,

    /// <summary>Replace a row that exists.</summary>
    UpdateReplace,

    /// <summary>Delete a row that exists.</summary>
    Delete,

    /// <summary>Insert, or change the given properties.</summary>
    UpsertMerge,

    /// <summary>Insert or replace.</summary>
    UpsertReplace,
}

/// <summary>Whether a write leaves properties alone that it does not name.</summary>
public enum TableUpdateMode
{
    /// <summary>Properties that are not named stay. A property set to null is not named: it stays too.</summary>
    Merge = 0,

    /// <summary>The row becomes exactly what is written.</summary>
    Replace = 1,
}
