namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>The events of exports and deliveries in the log; ids 2350–2399. They name merchants by their ids only.</summary>
internal static partial class ExportLog
{
    [LoggerMessage(2351, LogLevel.Information, "The postings of {Day} of merchant {Merchant} are not those of its statement {Revision} any more: it is settled again first")]
    public static partial void OtherPostings(ILogger logger, DateOnly day, string merchant, int revision);

    [LoggerMessage(2352, LogLevel.Information, "Edition {Number} of {Day} is there: {Statements} statements, {Files} files, {State}")]
    public static partial void Made(ILogger logger, int number, DateOnly day, int statements, int files, string state);

    [LoggerMessage(2353, LogLevel.Information, "The files of {Day} wait: {Waiting} merchants are being settled")]
    public static partial void Waits(ILogger logger, DateOnly day, int waiting);

    [LoggerMessage(2361, LogLevel.Information, "Edition {Number} of {Day} was delivered with try {Attempt}")]
    public static partial void Delivered(ILogger logger, int number, DateOnly day, int attempt);

    [LoggerMessage(2362, LogLevel.Warning, "Edition {Number} of {Day} was not taken with try {Attempt}: {Why}")]
    public static partial void NotDelivered(ILogger logger, int number, DateOnly day, int attempt, string why);

    [LoggerMessage(2363, LogLevel.Error, "Edition {Number} of {Day} was never taken and is parked: {Why}")]
    public static partial void GivenUp(ILogger logger, int number, DateOnly day, string why);
}
