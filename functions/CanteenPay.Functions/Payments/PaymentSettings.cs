using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>Settings of payments, section <c>Payments</c>.</summary>
/// <param name="PublicBaseUrl">Where channels reach the function app: https in production. The host's own idea of it is not trusted.</param>
/// <param name="ClientIp">The address that channels are told as the payer's till.</param>
/// <param name="SettlementCutOff">Time of day in Asia/Shanghai at which the channel's settlement day begins, 00:00 by default; see <see cref="Rules.SettlementDay"/>.</param>
internal sealed record PaymentSettings(Uri PublicBaseUrl, string ClientIp, TimeSpan SettlementCutOff)
{
    /// <summary>Where a channel sends its notifications about a merchant.</summary>
    public string NotifyUrl(string channel, MerchantId merchant) => new Uri(PublicBaseUrl, $"/notify/{channel}/{merchant}").AbsoluteUri;

    /// <summary>Reads the section.</summary>
    /// <exception cref="Operations.SettingException">A setting is missing or wrong.</exception>
    public static PaymentSettings Read(IConfiguration configuration) => new(
        Operations.Settings.Url(configuration, "Payments:PublicBaseUrl"),
        configuration["Payments:ClientIp"] ?? "127.0.0.1",
        Operations.Settings.TimeOfDay(configuration, "Payments:SettlementCutOff", TimeSpan.Zero));
}
