using CanteenPay.Channels;
using CanteenPay.Channels.SwiftPass;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Rules;

namespace CanteenPay.Functions.Payments;

/// <summary>
/// The channels and the accounts there. A merchant's number comes from the registry, the gateway and the keys from settings
/// (<c>SwiftPass:Gateway</c>, <c>:SignType</c>, <c>:Keys:{mch_id}</c> or <c>:PrivateKeys:{mch_id}</c> and <c>:PlatformPublicKey</c>; in Azure these are
/// references into Key Vault).
/// </summary>
internal sealed class ChannelAccounts(IEnumerable<IPaymentChannel> channels, IConfiguration configuration)
{
    private readonly Dictionary<string, IPaymentChannel> _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);
    private readonly Uri _swiftPassGateway = Settings.Url(configuration, "SwiftPass:Gateway");

    /// <summary>The channel and the account that an order was made with.</summary>
    /// <exception cref="SettingException">No such channel, or no key for the account.</exception>
    public (IPaymentChannel Channel, ChannelAccount Account) For(Order order) => For(order.Channel, order.ChannelMerchantId);

    /// <summary>A channel and an account there.</summary>
    /// <exception cref="SettingException">No such channel, or no key for the account.</exception>
    public (IPaymentChannel Channel, ChannelAccount Account) For(string channel, string channelMerchantId)
    {
        if (channel != SwiftPassChannel.ChannelName || !_channels.TryGetValue(channel, out var port))
            throw new SettingException($"There is no payment channel '{channel}'; the merchant {channelMerchantId} there cannot be served.");
        return (port, SwiftPass(channelMerchantId));
    }

    private ChannelAccount SwiftPass(string merchant)
    {
        var account = new ChannelAccount
        {
            Channel = SwiftPassChannel.ChannelName,
            Gateway = _swiftPassGateway,
            MerchantId = merchant,
            SignType = SignType.Md5,
        };
        return configuration["SwiftPass:SignType"] switch
        {
            null or "" or "MD5" => account with { Key = Settings.Text(configuration, $"SwiftPass:Keys:{merchant}") },
            "RSA_1_256" => account with
            {
                SignType = SignType.Rsa256,
                MerchantPrivateKeyPem = Settings.Text(configuration, $"SwiftPass:PrivateKeys:{merchant}"),
                PlatformPublicKeyPem = Settings.Text(configuration, "SwiftPass:PlatformPublicKey"),
            },
            var other => throw new SettingException($"The setting SwiftPass:SignType is '{other}'; it must be MD5 or RSA_1_256."),
        };
    }
}
