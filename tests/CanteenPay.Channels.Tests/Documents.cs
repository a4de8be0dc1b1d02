using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Tests;

/// <summary>Documents as a gateway would send them.</summary>
internal static class Documents
{
    /// <summary>Signed, status 0, result 0, about the account's merchant; the given fields come on top, an empty value takes one away.</summary>
    public static byte[] Signed(ChannelAccount account, params (string Name, string Value)[] fields)
    {
        var all = Fields(account, fields);
        all["sign"] = SwiftPassSignature.Sign(Accounts.BankSide(account), all);
        return SwiftPassXml.Write(all);
    }

    public static Dictionary<string, string> Fields(ChannelAccount account, params (string Name, string Value)[] fields)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = "2.0",
            ["charset"] = "UTF-8",
            ["status"] = "0",
            ["result_code"] = "0",
            ["mch_id"] = account.MerchantId,
            ["nonce_str"] = "a1b2c3",
        };
        foreach (var (name, value) in fields)
            all[name] = value;
        return all;
    }

    public static (string, string)[] Payment(string orderNo, params (string Name, string Value)[] fields) =>
    [
        ("out_trade_no", orderNo),
        ("total_fee", "1250"),
        ("fee_type", "CNY"),
        ("transaction_id", "755100000120261122"),
        ("out_transaction_id", "4200001"),
        ("trade_type", "pay.weixin.jspay"),
        ("time_end", "20261122120102"),
        .. fields,
    ];
}
