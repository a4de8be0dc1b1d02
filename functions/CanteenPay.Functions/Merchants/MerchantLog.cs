using CanteenPay.Channels;

namespace CanteenPay.Functions.Merchants;

/// <summary>The events of merchants in the log; ids 1500–1599. They name merchants by their ids only.</summary>
internal static partial class MerchantLog
{
    [LoggerMessage(1500, LogLevel.Information, "Merchant {MerchantId} was filed by distributor {DistributorId}")]
    public static partial void Filed(ILogger logger, string merchantId, string distributorId);

    [LoggerMessage(1501, LogLevel.Information, "Merchant {MerchantId} went from {From} to {To}, by {By}")]
    public static partial void Moved(ILogger logger, string merchantId, string from, string to, string by);

    [LoggerMessage(1502, LogLevel.Information, "Merchant {MerchantId} was sent to the bank, sending {Sending}")]
    public static partial void SentToBank(ILogger logger, string merchantId, int sending);

    [LoggerMessage(1503, LogLevel.Warning, "The bank's word on merchant {MerchantId} is unclear: {Kind} {Code}")]
    public static partial void BankDoubt(ILogger logger, string merchantId, DoubtKind kind, string code);

    [LoggerMessage(1504, LogLevel.Error, "The bank gave merchant {MerchantId} a verification code that another merchant has")]
    public static partial void CodeIsTaken(ILogger logger, string merchantId);

    [LoggerMessage(1505, LogLevel.Error, "What is sealed of merchant {MerchantId} could not be opened for the bank")]
    public static partial void PapersDoNotOpen(ILogger logger, Exception exception, string merchantId);

    [LoggerMessage(1510, LogLevel.Information, "Merchant {MerchantId} pays {RateBasisPoints} basis points from {ValidFrom} on, by {By}")]
    public static partial void RateSet(ILogger logger, string merchantId, int rateBasisPoints, DateOnly validFrom, string by);

    [LoggerMessage(1520, LogLevel.Information, "The service of merchant {MerchantId} was renewed until {PaidUntil} for {Fee}, by {By}")]
    public static partial void Renewed(ILogger logger, string merchantId, DateOnly paidUntil, string fee, string by);

    [LoggerMessage(1521, LogLevel.Warning, "The service of merchant {MerchantId} is paid until {PaidUntil}: reminder {Days} days before")]
    public static partial void Reminded(ILogger logger, string merchantId, DateOnly paidUntil, int days);

    [LoggerMessage(1530, LogLevel.Information, "Machine {DeviceId} was enrolled for merchant {MerchantId}, by {By}")]
    public static partial void Enrolled(ILogger logger, string deviceId, string merchantId, string by);

    [LoggerMessage(1531, LogLevel.Information, "Machine {DeviceId} is now {State} and serves merchant {MerchantId}, by {By}")]
    public static partial void MachineChanged(ILogger logger, string deviceId, string state, string merchantId, string by);

    [LoggerMessage(1532, LogLevel.Warning, "The broker could not be told of machine {DeviceId}, changed at {Since}; the sweep tells it")]
    public static partial void BrokerNotTold(ILogger logger, Exception exception, string deviceId, DateTimeOffset since);

    [LoggerMessage(1533, LogLevel.Error, "The broker does not know yet that machine {DeviceId} was changed at {Since}")]
    public static partial void BrokerStillNotTold(ILogger logger, string deviceId, DateTimeOffset since);

    [LoggerMessage(1534, LogLevel.Information, "Machine {DeviceId} got the certificate {Serial}, good until {NotAfter}, by {Way}")]
    public static partial void CertificateIssued(ILogger logger, string deviceId, string serial, DateTime notAfter, string way);

    [LoggerMessage(1535, LogLevel.Information, "A certificate for machine {DeviceId} was refused: its {Way} is not good")]
    public static partial void CertificateRefused(ILogger logger, string deviceId, string way);

    [LoggerMessage(1540, LogLevel.Information, "The personal data of merchant {MerchantId}, refused on {RefusedAt}, was deleted")]
    public static partial void Forgotten(ILogger logger, string merchantId, DateTimeOffset refusedAt);
}
