using System.Collections.Concurrent;

namespace CanteenPay.BankSimulator.Merchants;

/// <summary>The bank's merchants: those of the settings, and those whose registration was approved.</summary>
internal sealed class MerchantDirectory(BankSettings settings)
{
    private readonly ConcurrentDictionary<string, BankMerchant> _approved = new(StringComparer.Ordinal);

    /// <summary>All, by number.</summary>
    public IReadOnlyList<BankMerchant> All() => [.. settings.Merchants.Values.Concat(_approved.Values).OrderBy(m => m.MchId, StringComparer.Ordinal)];

    /// <summary>Whether a number is taken.</summary>
    public bool Has(string mchId) => settings.Merchants.ContainsKey(mchId) || _approved.ContainsKey(mchId);

    /// <summary>Opens an account for a merchant of a service provider; from now on it takes payments.</summary>
    public void Open(string mchId, string name, string agentNo) => _approved[mchId] = new BankMerchant
    {
        MchId = mchId,
        Name = name,
        Key = settings.Agents[agentNo],
        AgentNo = agentNo,
        FeeBasisPoints = 60,
    };

    /// <summary>
    /// Whose key has to have signed these fields: the merchant's own, or with <c>sign_agentno</c> its service provider's, which then signs answers and notifications too.
    /// Null for a merchant that the bank does not know, or that is not that provider's.
    /// </summary>
    public BankMerchant? SignerOf(IReadOnlyDictionary<string, string> fields)
    {
        var mchId = fields.GetValueOrDefault("mch_id", "");
        var merchant = settings.Merchants.GetValueOrDefault(mchId) ?? _approved.GetValueOrDefault(mchId);
        return merchant is not null && (merchant.AgentNo ?? "") == fields.GetValueOrDefault("sign_agentno", "") ? merchant : null;
    }
}
