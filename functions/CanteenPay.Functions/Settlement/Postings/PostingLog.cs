namespace CanteenPay.Functions.Settlement.Postings;

/// <summary>Messages about postings.</summary>
internal static partial class PostingLog
{
    [LoggerMessage(1550, LogLevel.Warning, "{Posting} of {Day} counts on {Adjusted}: its day was closed without it.")]
    public static partial void Adjusted(ILogger logger, string posting, DateOnly day, DateOnly adjusted);
}
