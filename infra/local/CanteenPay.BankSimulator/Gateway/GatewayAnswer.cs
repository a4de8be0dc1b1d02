using System.Security.Cryptography;
using CanteenPay.BankSimulator.Merchants;
using CanteenPay.BankSimulator.Orders;
using Fields = System.Collections.Generic.IReadOnlyList<(string Name, string Value)>;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The envelopes that the gateway answers with.</summary>
internal static class GatewayAnswer
{
    /// <summary>Not even understood: a status, no signature. An unknown merchant is a signature error too, as at the real gateway.</summary>
    public static string Error(string message) => BankXml.Format(new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["version"] = "2.0",
        ["charset"] = "UTF-8",
        ["status"] = "400",
        ["message"] = message,
    });

    /// <summary>The business step worked.</summary>
    public static Fields Done(params IEnumerable<(string Name, string Value)> fields) => [("result_code", "0"), .. fields];

    /// <summary>The business step was refused.</summary>
    public static Fields Refused(Refusal refusal, string needQuery = "") =>
        [("result_code", "1"), ("err_code", refusal.Code), ("err_msg", refusal.Message), ("need_query", needQuery)];

    /// <summary>The business step was refused for good: nothing happened and there is nothing to ask about.</summary>
    public static Fields Refused(string code, string message) => Refused(new Refusal(code, message), "N");

    /// <summary>
    /// Signed fields with the envelope around them. The merchant's name goes along: a field that no client knows, with whatever is in it.
    /// A <paramref name="forged"/> one was changed after it was signed.
    /// </summary>
    public static string Signed(BankMerchant merchant, Fields fields, bool forged = false)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = "2.0",
            ["charset"] = "UTF-8",
            ["sign_type"] = merchant.UsesRsa ? "RSA_1_256" : "MD5",
            ["status"] = "0",
            ["mch_id"] = merchant.MchId,
            ["mch_name"] = merchant.Name,
            ["nonce_str"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
        };
        if (merchant.AgentNo is { } agent)
            all["sign_agentno"] = agent;
        foreach (var (name, value) in fields)
        {
            if (value != "")
                all[name] = value;
        }

        all["sign"] = BankSigning.Sign(merchant, all);
        if (forged)
            all["nonce_str"] = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return BankXml.Format(all);
    }
}
