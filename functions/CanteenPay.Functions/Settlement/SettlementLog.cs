namespace CanteenPay.Functions.Settlement;

/// <summary>The events of the night and of closing in the log; ids 1700–1729. They name merchants by their ids only.</summary>
internal static partial class SettlementLog
{
    [LoggerMessage(1700, LogLevel.Information, "{Day} is sent to be settled by {Run}: {Merchants} merchants")]
    public static partial void FannedOut(ILogger logger, DateOnly day, string run, int merchants);

    [LoggerMessage(1701, LogLevel.Warning, "{Day} of merchant {MerchantId} could not be settled, try {Try}; again in {Seconds:F0} s")]
    public static partial void Failed(ILogger logger, Exception error, DateOnly day, string merchantId, int @try, double seconds);

    [LoggerMessage(1702, LogLevel.Error, "{Day} of merchant {MerchantId} could not be settled in {Tries} tries: it is listed and waits for a person")]
    public static partial void GaveUp(ILogger logger, Exception error, DateOnly day, string merchantId, int tries);

    [LoggerMessage(1703, LogLevel.Information, "{Day} is being closed by {Person}")]
    public static partial void Closing(ILogger logger, DateOnly day, string person);

    [LoggerMessage(1704, LogLevel.Information, "{Day} is closed")]
    public static partial void Closed(ILogger logger, DateOnly day);
}
