namespace CanteenPay.Functions.Identity;

/// <summary>The events of identity in the log; ids 2100–2149.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Refused {Method} {Route} to {ObjectId} with {Status}: {Why}")]
    public static partial void Refused(ILogger logger, string method, string? route, string? objectId, int status, string why);
}
