using CanteenPay.Channels.Registration;
using CanteenPay.Channels.SwiftPass;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// The bank's interface for new merchants, section <c>Registration</c>: <c>Url</c>, <c>PlatformId</c>, <c>Key</c>, and <c>AskSeconds</c>, how often the sweep
/// asks about one application (60). Without <c>Url</c> there is none, and operators key in verification codes.
/// </summary>
/// <param name="Bank">The bank; null when there is no interface.</param>
/// <param name="AskEvery">How often the sweep asks about an application.</param>
internal sealed record RegistrationPort(IMerchantRegistration? Bank, TimeSpan AskEvery)
{
    private const int MaxAskSeconds = 3_600;

    /// <summary>Reads the section.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static RegistrationPort Read(IConfiguration configuration)
    {
        var seconds = configuration["Registration:AskSeconds"] is { Length: > 0 } text
            ? int.TryParse(text, out var number) && number is > 0 and <= MaxAskSeconds
                ? number
                : throw new SettingException($"The setting Registration:AskSeconds is '{text}', which is not a number from 1 to {MaxAskSeconds}.")
            : 60;
        if (string.IsNullOrEmpty(configuration["Registration:Url"]))
            return new(null, TimeSpan.FromSeconds(seconds));
        var options = new BankRegistrationOptions
        {
            Url = Settings.Url(configuration, "Registration:Url"),
            PlatformId = Settings.Text(configuration, "Registration:PlatformId"),
            Key = Settings.Text(configuration, "Registration:Key"),
        };
        return new(new BankRegistration(new HttpClient(SwiftPassChannel.CreateHandler()), options, TimeProvider.System), TimeSpan.FromSeconds(seconds));
    }
}
