using CanteenPay.Channels;
using CanteenPay.Channels.SwiftPass;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Rules;

namespace CanteenPay.Functions.Payments;

/// <summary>The channels and the accounts there: a merchant's number comes from the registry, gateways and keys from settings.</summary>
internal sealed class ChannelAccounts(IEnumerable<IPaymentChannel> channels, SwiftPassSettings swiftPass)
{
    private readonly Dictionary<string, IPaymentChannel> _channels = channels.ToDictionary(channel => channel.Name, IPaymentChannel (channel) => new ObservedChannel(channel), StringComparer.Ordinal);

    /// <summary>The channel and the account that an order was made with.</summary>
    /// <exception cref="SettingException">No such channel, or no key for the account.</exception>
    public (IPaymentChannel Channel, ChannelAccount Account) For(Order order) => For(order.Channel, order.ChannelMerchantId);

    /// <summary>A channel and an account there.</summary>
    /// <exception cref="SettingException">No such channel, or no key for the account.</exception>
    public (IPaymentChannel Channel, ChannelAccount Account) For(string channel, string channelMerchantId) =>
        channel == SwiftPassChannel.ChannelName && _channels.TryGetValue(channel, out var port)
            ? (port, swiftPass.AccountOf(channelMerchantId))
            : throw new SettingException($"There is no payment channel '{channel}'; the merchant {channelMerchantId} there cannot be served.");
}
