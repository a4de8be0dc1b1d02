using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent;

/// <summary>The catalogue of what the agent logs. Ids are stable: 1xx orders and taps, 2xx link, 3xx voice, 4xx screen, 5xx the agent itself, 6xx cards.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(100, LogLevel.Information, "Order {Order} is {Stage}: ¥{Amount} {Wallet} disputed={Disputed}")]
    public static partial void OrderSaved(this ILogger log, OrderId order, OrderStage stage, Fen amount, Wallet? wallet, bool disputed);

    [LoggerMessage(101, LogLevel.Warning, "A message about order {Order} had no effect: {Why}")]
    public static partial void MessageIgnored(this ILogger log, OrderId order, IgnoredBecause why);

    [LoggerMessage(102, LogLevel.Information, "{Count} orders of the last run have no end; they are cancelled or asked about")]
    public static partial void Recovered(this ILogger log, int count);

    [LoggerMessage(103, LogLevel.Information, "Refund {Key} of order {Order} is {Stage}: ¥{Amount}")]
    public static partial void RefundSaved(this ILogger log, OrderId order, string key, RefundStage stage, Fen amount);

    [LoggerMessage(110, LogLevel.Information, "Tap {Tap} stored: {Kind} ¥{Amount} account {Account} card {Card} mode={Mode} offline={Offline}")]
    public static partial void TapStored(this ILogger log, TapId tap, EntryKind kind, Fen amount, AccountId account, CardNo card, TapMode mode, bool offline);

    [LoggerMessage(111, LogLevel.Information, "The till works {Mode}")]
    public static partial void ModeSwitched(this ILogger log, string mode);

    [LoggerMessage(112, LogLevel.Information, "Card reader: {Reader}")]
    public static partial void CardReader(this ILogger log, string reader);

    [LoggerMessage(200, LogLevel.Information, "Link to the cloud: online={Online}")]
    public static partial void LinkChanged(this ILogger log, bool online);

    [LoggerMessage(201, LogLevel.Warning, "{Message} was not published: {Reason}")]
    public static partial void PublishFailed(this ILogger log, string message, string reason);

    [LoggerMessage(202, LogLevel.Error, "The broker refused the subscription to {Topic}: {Reason}")]
    public static partial void SubscribeFailed(this ILogger log, string topic, string reason);

    [LoggerMessage(203, LogLevel.Warning, "A message on {Topic} was not read: {Reason}")]
    public static partial void MessageUnreadable(this ILogger log, string topic, string reason);

    [LoggerMessage(204, LogLevel.Information, "The cloud's clock is {OffsetMs} ms ahead of this machine's")]
    public static partial void ClockLearnt(this ILogger log, long offsetMs);

    [LoggerMessage(205, LogLevel.Warning, "No connection: {Reason}")]
    public static partial void LinkFailed(this ILogger log, string reason);

    [LoggerMessage(300, LogLevel.Information, "Said about {About}: {Words}")]
    public static partial void Said(this ILogger log, string about, string words);

    [LoggerMessage(301, LogLevel.Warning, "Not said about {About}: {Words} ({Reason})")]
    public static partial void NotSaid(this ILogger log, string about, string words, string reason);

    [LoggerMessage(302, LogLevel.Information, "Voice: {Output}")]
    public static partial void VoiceOutput(this ILogger log, string output);

    [LoggerMessage(400, LogLevel.Information, "The screen is at {Url}")]
    public static partial void ScreenServed(this ILogger log, string url);

    [LoggerMessage(401, LogLevel.Warning, "A key press from {Origin} was refused: {Reason}")]
    public static partial void KeyRefused(this ILogger log, string origin, string reason);

    [LoggerMessage(501, LogLevel.Error, "A fault of this machine: {Doing} failed")]
    public static partial void MachineFault(this ILogger log, Exception e, string doing);

    [LoggerMessage(502, LogLevel.Error, "The database is set aside as {File}: {Exported} rows exported, {Orders} orders and {Taps} unsent entries of taps taken over, {Lost} possibly unsent ones lost. {Reason}")]
    public static partial void DatabaseSetAside(this ILogger log, string file, int exported, int orders, int taps, int lost, string reason);

    [LoggerMessage(503, LogLevel.Information, "The word of the damaged database was confirmed")]
    public static partial void DamageConfirmed(this ILogger log);

    [LoggerMessage(504, LogLevel.Error, "The till has taken no input for {Seconds} s: systemd is not told that it lives, and will start it anew")]
    public static partial void TillStuck(this ILogger log, int seconds);

    [LoggerMessage(505, LogLevel.Warning, "systemd was not told: {Reason}")]
    public static partial void NotToldSystemd(this ILogger log, string reason);

    [LoggerMessage(600, LogLevel.Information, "Journal {Epoch}: the cloud has booked {Through} of {Last} entries")]
    public static partial void EntriesBooked(this ILogger log, Epoch epoch, long through, long last);

    [LoggerMessage(601, LogLevel.Warning, "Journal {Epoch} contradicts the cloud's, which stands at {Through}; here it ends at {Last}. Was this disk restored from an older image?")]
    public static partial void JournalContradicted(this ILogger log, Epoch epoch, long through, long last);

    [LoggerMessage(602, LogLevel.Warning, "Journal {Epoch} is finished at {Kept}; its {Count} entries after that are booked again in journal {Into}")]
    public static partial void JournalFinished(this ILogger log, Epoch epoch, long kept, long count, Epoch? into);

    [LoggerMessage(604, LogLevel.Information, "{Count} accounts came, of version {Version}; more={More}")]
    public static partial void AccountsCame(this ILogger log, int count, long version, bool more);

    [LoggerMessage(605, LogLevel.Information, "Rules of cards, version {Version}, came")]
    public static partial void CardRulesCame(this ILogger log, long version);

    [LoggerMessage(500, LogLevel.Information, "Machine {Device} of merchant {Merchant}, state in {Folder}")]
    public static partial void Started(this ILogger log, DeviceId device, MerchantId merchant, string folder);
}
