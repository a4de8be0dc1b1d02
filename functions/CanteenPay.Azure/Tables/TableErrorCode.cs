namespace CanteenPay.Azure.Tables;

/// <summary>The codes in <c>RequestFailedException.ErrorCode</c> that callers decide on.</summary>
public static class TableErrorCode
{
    /// <summary>409: the row exists already.</summary>
    public const string EntityAlreadyExists = "EntityAlreadyExists";

    /// <summary>404: there is no such row.</summary>
    public const string ResourceNotFound = "ResourceNotFound";

    /// <summary>412: the row is not the version that was read.</summary>
    public const string UpdateConditionNotSatisfied = "UpdateConditionNotSatisfied";

    /// <summary>404: there is no such table.</summary>
    public const string TableNotFound = "TableNotFound";

    /// <summary>409: the table exists already.</summary>
    public const string TableAlreadyExists = "TableAlreadyExists";
}
