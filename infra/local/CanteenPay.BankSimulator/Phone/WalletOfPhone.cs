using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Phone;

/// <summary>Which wallet a phone is: by its User-Agent, otherwise by what was chosen.</summary>
internal static class WalletOfPhone
{
    public static PayWallet? Of(string userAgent, string? chosen) =>
        userAgent.Contains("MicroMessenger", StringComparison.OrdinalIgnoreCase) ? PayWallet.WeChat
        : userAgent.Contains("AlipayClient", StringComparison.OrdinalIgnoreCase) ? PayWallet.Alipay
        : Parse(chosen);

    public static PayWallet? Parse(string? name) => name switch
    {
        "wechat" => PayWallet.WeChat,
        "alipay" => PayWallet.Alipay,
        _ => null,
    };

    public static string NameOf(PayWallet wallet) => wallet is PayWallet.WeChat ? "wechat" : "alipay";
}
