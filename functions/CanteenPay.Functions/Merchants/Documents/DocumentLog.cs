namespace CanteenPay.Functions.Merchants.Documents;

/// <summary>The events of papers in the log; ids 1400–1419. Blob names, contents and people are never in it.</summary>
internal static partial class DocumentLog
{
    [LoggerMessage(1400, LogLevel.Information, "The {Kind} of {Merchant} was kept: {Bytes} bytes, {Width} × {Height}")]
    public static partial void Kept(ILogger logger, string kind, string merchant, int bytes, int width, int height);

    [LoggerMessage(1401, LogLevel.Information, "The {Kind} of {Merchant} was removed")]
    public static partial void Removed(ILogger logger, string kind, string merchant);

    [LoggerMessage(1402, LogLevel.Warning, "What was sent as the {Kind} of {Merchant} was refused")]
    public static partial void Refused(ILogger logger, string kind, string merchant);

    [LoggerMessage(1403, LogLevel.Warning, "A blob of {Merchant} from {At} was nobody's and is removed")]
    public static partial void OrphanRemoved(ILogger logger, string merchant, DateTimeOffset at);

    [LoggerMessage(1405, LogLevel.Information, "The {Kind} of {Merchant} was looked at by {Who}")]
    public static partial void Opened(ILogger logger, string kind, string merchant, string who);

    [LoggerMessage(1404, LogLevel.Error, "The {Kind} of {Merchant} cannot be opened")]
    public static partial void Unreadable(ILogger logger, Exception why, string kind, string merchant);
}
