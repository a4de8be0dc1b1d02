namespace CanteenPay.Functions.Cards.Reports;

/// <summary>The events of card reports in the log; ids 1280–1299.</summary>
internal static partial class ReportLog
{
    [LoggerMessage(1280, LogLevel.Information, "Closed loop of merchant {MerchantId}: {Accounts} accounts, {Lines} lines, {Balance} yuan, nothing differs")]
    public static partial void LoopClosed(ILogger logger, string merchantId, int accounts, long lines, string balance);

    [LoggerMessage(1281, LogLevel.Error, "Closed loop of merchant {MerchantId} differs by {Difference} yuan: {Count} accounts ({Accounts}), holes {Holes}, missing {Missing}")]
    public static partial void LoopDiffers(ILogger logger, string merchantId, string difference, int count, string accounts, string holes, string missing);

    [LoggerMessage(1282, LogLevel.Warning, "Closed loop of merchant {MerchantId} not checked: in {Attempts} attempts accounts kept changing, or there was too much to read")]
    public static partial void LoopUnsettled(ILogger logger, string merchantId, int attempts);
}
