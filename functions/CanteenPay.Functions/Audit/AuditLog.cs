namespace CanteenPay.Functions.Audit;

/// <summary>The events of the audit in the log; ids 2150–2199.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(2150, LogLevel.Information, "Audit of {Day} is sealed: {Entries} entries, the last is {Hash}")]
    public static partial void DaySealed(ILogger logger, DateOnly day, long entries, string hash);

    [LoggerMessage(2151, LogLevel.Error, "Audit could not keep {Count} entries")]
    public static partial void NotKept(ILogger logger, Exception exception, int count);

    [LoggerMessage(2152, LogLevel.Warning, "Audit of {Day} has begun, but it was not noted where looking begins")]
    public static partial void BeginningNotNoted(ILogger logger, Exception exception, DateOnly day);

    [LoggerMessage(2153, LogLevel.Error, "Audit does not know what came of request {Request}: {What} by {Who} was answered with {Status}")]
    public static partial void OutcomeNotKept(ILogger logger, Exception exception, string request, string what, string who, int status);

    [LoggerMessage(2155, LogLevel.Error, "Audit of {Day} was rewritten: entry {Seq} was kept here with the hash {Hash}, and is gone or another one")]
    public static partial void Rewritten(ILogger logger, DateOnly day, long seq, string hash);

    [LoggerMessage(2154, LogLevel.Error, "Audit of {Day} is broken: {Finding}")]
    public static partial void Broken(ILogger logger, DateOnly day, string finding);
}
