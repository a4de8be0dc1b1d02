namespace CanteenPay.Functions.Cards;

/// <summary>The events of booking, feed and pulls in the log; ids 1200–1249.</summary>
internal static partial class CardLog
{
    [LoggerMessage(1200, LogLevel.Information, "Journal {Journal}: booked {First} to {Through}, {Debited} yuan spent, {Accounts} accounts, {Flagged} flagged")]
    public static partial void Booked(ILogger logger, string journal, long first, long through, string debited, int accounts, int flagged);

    [LoggerMessage(1201, LogLevel.Error, "Journal {Journal} is parked: {Reason}")]
    public static partial void JournalParked(ILogger logger, string journal, string reason);

    [LoggerMessage(1202, LogLevel.Warning, "Journal {Journal} contradicts what is booked of it; held are its entries to {HeldThrough} of {Through}")]
    public static partial void JournalForked(ILogger logger, string journal, long? heldThrough, long through);

    [LoggerMessage(1203, LogLevel.Warning, "Journal {Journal} was released by a person: its machine begins another and books there what is not held here")]
    public static partial void JournalReleased(ILogger logger, string journal);

    [LoggerMessage(1204, LogLevel.Warning, "Journal {Journal} was ended by a person at {Through}, {PossiblyUnsent} entries possibly unsent")]
    public static partial void JournalEnded(ILogger logger, string journal, long through, long possiblyUnsent);

    [LoggerMessage(1205, LogLevel.Information, "Feed of merchant {MerchantId}: version {Version}, {Accounts} accounts of {Changes} changes")]
    public static partial void FeedAdvanced(ILogger logger, string merchantId, long version, int accounts, int changes);

    [LoggerMessage(1206, LogLevel.Warning, "Version {Version} of merchant {MerchantId}'s feed has grown beyond a message: machines will pull it")]
    public static partial void VersionTooLarge(ILogger logger, string merchantId, long version);

    [LoggerMessage(1207, LogLevel.Error, "Account {AccountId} of merchant {MerchantId} is larger than a message: machines are not told of it")]
    public static partial void AccountTooLarge(ILogger logger, string merchantId, string accountId);

    [LoggerMessage(1208, LogLevel.Error, "The feed of merchant {MerchantId} failed and is tried again in {DelaySeconds} s")]
    public static partial void FeedFailed(ILogger logger, Exception exception, string merchantId, double delaySeconds);

    [LoggerMessage(1209, LogLevel.Warning, "Sweep woke the feed of merchant {MerchantId}")]
    public static partial void SweepWoke(ILogger logger, string merchantId);

    [LoggerMessage(1210, LogLevel.Warning, "Machine {DeviceId} pulled cards of merchant {Asked}, it serves {Merchant}: told so")]
    public static partial void PulledElsewhere(ILogger logger, string deviceId, string asked, string merchant);

    [LoggerMessage(1211, LogLevel.Warning, "Journal {Journal}: entry {Seq} reverses a tap that is not booked; it waits for the machine's other journals")]
    public static partial void JournalWaits(ILogger logger, string journal, long seq);

    [LoggerMessage(1212, LogLevel.Warning, "Cards of merchant {MerchantId} were put back by a person: versions go on from {Version}, {Booked} entries booked again, done: {Done}")]
    public static partial void Restored(ILogger logger, string merchantId, long version, int booked, bool done);

    [LoggerMessage(1213, LogLevel.Warning, "Account {AccountId} of merchant {MerchantId} was opened for taps of it: it is younger than the copy to which cards were put back")]
    public static partial void LostAccountOpened(ILogger logger, string merchantId, string accountId);

}
