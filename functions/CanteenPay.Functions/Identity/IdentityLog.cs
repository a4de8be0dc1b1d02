namespace CanteenPay.Functions.Identity;

/// <summary>The events of identity in the log; ids 2100–2149.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(EventId = 2100, Message = "Refused {Method} {Route} to {ObjectId} with {Status}: {Why}")]
    public static partial void Refused(ILogger logger, LogLevel level, string method, string? route, string? objectId, int status, string why);
}
