namespace CanteenPay.Functions.Cards.Operations;

/// <summary>The events of card operations in the log; ids 1250–1279.</summary>
internal static partial class CardOperationLog
{
    [LoggerMessage(1250, LogLevel.Information, "Operation {Key} of merchant {MerchantId}, account {AccountId}: {Kind} finished, refused {Refusal}")]
    public static partial void Finished(ILogger logger, string key, string merchantId, string accountId, string kind, string? refusal);


    [LoggerMessage(1252, LogLevel.Warning, "Operation {Key} of merchant {MerchantId} was left behind; the sweep completed it")]
    public static partial void Swept(ILogger logger, string key, string merchantId);

    [LoggerMessage(1253, LogLevel.Information, "Card rules of merchant {MerchantId} are now version {Version}")]
    public static partial void RulesChanged(ILogger logger, string merchantId, long version);
}
