using CanteenPay.Channels;
using CanteenPay.Channels.SwiftPass;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Payments;

/// <summary>
/// Settings of the SwiftPass gateway, section <c>SwiftPass</c>: <c>Gateway</c>; <c>SignType</c> (MD5 or RSA_1_256); <c>SignAgentNo</c> where a service
/// provider's key signs for all its merchants; <c>Keys:{signer}</c>, or <c>PrivateKeys:{signer}</c> and <c>PlatformPublicKey</c>, where the signer is that
/// provider, or without one the merchant's number. In Azure the keys are references into Key Vault.
/// </summary>
internal sealed class SwiftPassSettings
{
    private readonly IConfiguration _configuration;
    private readonly Uri _gateway;
    private readonly SignType _signType;

    private SwiftPassSettings(IConfiguration configuration, Uri gateway, SignType signType) =>
        (_configuration, _gateway, _signType) = (configuration, gateway, signType);

    /// <summary>Reads what all accounts share.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static SwiftPassSettings Read(IConfiguration configuration) => new(
        configuration,
        Settings.Url(configuration, "SwiftPass:Gateway"),
        configuration["SwiftPass:SignType"] switch
        {
            null or "" or "MD5" => SignType.Md5,
            "RSA_1_256" => SignType.Rsa256,
            var other => throw new SettingException($"The setting SwiftPass:SignType is '{other}'; it must be MD5 or RSA_1_256."),
        });

    /// <summary>A merchant's account, with its keys.</summary>
    /// <exception cref="SettingException">A key is missing.</exception>
    public ChannelAccount AccountOf(string channelMerchantId)
    {
        var agent = _configuration["SwiftPass:SignAgentNo"] is { Length: > 0 } provider ? provider : null;
        var signer = agent ?? channelMerchantId;
        var account = new ChannelAccount
        {
            Channel = SwiftPassChannel.ChannelName,
            Gateway = _gateway,
            MerchantId = channelMerchantId,
            SignAgentNo = agent,
            SignType = _signType,
        };
        return _signType == SignType.Md5
            ? account with { Key = Settings.Text(_configuration, $"SwiftPass:Keys:{signer}") }
            : account with
            {
                MerchantPrivateKeyPem = Settings.Text(_configuration, $"SwiftPass:PrivateKeys:{signer}"),
                PlatformPublicKeyPem = Settings.Text(_configuration, "SwiftPass:PlatformPublicKey"),
            };
    }
}
