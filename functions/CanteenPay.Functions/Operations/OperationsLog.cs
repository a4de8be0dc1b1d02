namespace CanteenPay.Functions.Operations;

/// <summary>The events of operations in the log; ids 1900–1999.</summary>
internal static partial class OperationsLog
{
    [LoggerMessage(1900, LogLevel.Error, "Parked for a person: {Source} {ItemId}: {Reason}")]
    public static partial void Parked(ILogger logger, string source, string itemId, string reason);

    [LoggerMessage(1901, LogLevel.Error, "The books of merchant {MerchantId} are not opened: {Why}")]
    public static partial void HomeContradicted(ILogger logger, string merchantId, string why);
}
