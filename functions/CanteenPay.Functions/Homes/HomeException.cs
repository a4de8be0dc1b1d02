using CanteenPay.Protocol;

namespace CanteenPay.Functions.Homes;

/// <summary>The settings say that a merchant lives in one account, its books that it lives in another: nothing of it may be read or written.</summary>
internal sealed class HomeException(MerchantId merchant, string why) : Exception($"The books of merchant {merchant} are not opened: {why}")
{
    /// <summary>Whose books.</summary>
    public MerchantId Merchant { get; } = merchant;
}
