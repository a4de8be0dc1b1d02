namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>The events of exports and deliveries in the log; ids 2350–2399. They name merchants by their ids only.</summary>
internal static partial class ExportLog
{
    [LoggerMessage(2351, LogLevel.Information, "The postings of {Day} of merchant {Merchant} are not those of its statement {Revision} any more: it is settled again first")]
    public static partial void OtherPostings(ILogger logger, DateOnly day, string merchant, int revision);

    [LoggerMessage(2352, LogLevel.Information, "Edition {Number} of {Day} is there: {Statements} statements, {Files} files, {State}")]
    public static partial void Made(ILogger logger, int number, DateOnly day, int statements, int files, string state);

    [LoggerMessage(2353, LogLevel.Information, "There can be no files of {Day} yet: {Why}")]
    public static partial void NotYet(ILogger logger, DateOnly day, string why);

    [LoggerMessage(2354, LogLevel.Information, "Edition {Number} of {Day} holds all that there is: nothing new is made")]
    public static partial void NothingNew(ILogger logger, int number, DateOnly day);

    [LoggerMessage(2355, LogLevel.Warning, "The files of {Day} cannot be made now: of merchant {Merchant} there is another {What} revision {Revision} than its day's index says")]
    public static partial void Overtaken(ILogger logger, DateOnly day, string merchant, string what, int revision);

    [LoggerMessage(2356, LogLevel.Error, "The files of {Day} of merchant {Merchant}, statement {Revision}, could not be made: the edition goes without it, and it is tried again")]
    public static partial void Unmade(ILogger logger, Exception failure, DateOnly day, string merchant, int revision);

    [LoggerMessage(2357, LogLevel.Information, "The files of {Day} take long: those of {Made} merchants were made, the next run goes on")]
    public static partial void GoesOn(ILogger logger, DateOnly day, int made);

    [LoggerMessage(2358, LogLevel.Warning, "The files of {Day} are behind and nobody makes them: they are sent for again")]
    public static partial void SentAgain(ILogger logger, DateOnly day);

    [LoggerMessage(2361, LogLevel.Information, "Edition {Number} of {Day} was delivered with try {Attempt}")]
    public static partial void Delivered(ILogger logger, int number, DateOnly day, int attempt);

    [LoggerMessage(2362, LogLevel.Warning, "Edition {Number} of {Day} was not taken with try {Attempt}: {Why}")]
    public static partial void NotDelivered(ILogger logger, int number, DateOnly day, int attempt, string why);

    [LoggerMessage(2363, LogLevel.Error, "Edition {Number} of {Day} was never taken and is parked: {Why}")]
    public static partial void GivenUp(ILogger logger, int number, DateOnly day, string why);
}
