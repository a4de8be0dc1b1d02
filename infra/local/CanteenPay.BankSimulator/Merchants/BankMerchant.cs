using System.Globalization;
using System.Text;

namespace CanteenPay.BankSimulator.Merchants;

/// <summary>A merchant of the bank. It signs by RSA_1_256 when it has RSA keys, otherwise by MD5.</summary>
internal sealed record BankMerchant
{
    /// <summary>The merchant's number.</summary>
    public required string MchId { get; init; }

    /// <summary>What the wallet shows.</summary>
    public required string Name { get; init; }

    /// <summary>The shared key, for MD5.</summary>
    public string? Key { get; init; }

    /// <summary>The merchant's public key (PEM), for RSA_1_256.</summary>
    public string? MerchantPublicKeyPem { get; init; }

    /// <summary>The bank's own private key for this merchant (PEM), for RSA_1_256.</summary>
    public string? PlatformPrivateKeyPem { get; init; }

    /// <summary>The service provider under whose number the merchant's requests come, signed with the provider's key; null: the merchant signs itself.</summary>
    public string? AgentNo { get; init; }

    /// <summary>The bank's fee in hundredths of a percent; 60 is 0.6 %.</summary>
    public required int FeeBasisPoints { get; init; }

    /// <summary>True for RSA_1_256.</summary>
    public bool UsesRsa => MerchantPublicKeyPem is not null;

    /// <summary>Reads one merchant.</summary>
    /// <param name="section">Its settings, named by its number.</param>
    /// <param name="agents">Keys of service providers by number.</param>
    /// <exception cref="BankSettingsException">A key is missing, the service provider is unknown, or the fee is out of range.</exception>
    public static BankMerchant Read(IConfigurationSection section, IReadOnlyDictionary<string, string> agents)
    {
        var agentNo = section["AgentNo"];
        if (agentNo is not null && !agents.ContainsKey(agentNo))
            throw new BankSettingsException($"Merchants:{section.Key}:AgentNo: there is no Agents:{agentNo}:Key.");
        var merchant = new BankMerchant
        {
            MchId = section.Key,
            Name = section["Name"] ?? section.Key,
            Key = agentNo is null ? section["Key"] : agents[agentNo],
            AgentNo = agentNo,
            MerchantPublicKeyPem = agentNo is null ? section["MerchantPublicKeyPem"] : null,
            PlatformPrivateKeyPem = agentNo is null ? section["PlatformPrivateKeyPem"] : null,
            FeeBasisPoints = int.TryParse(section["FeeBasisPoints"] ?? "60", NumberStyles.None, CultureInfo.InvariantCulture, out var fee) && fee <= 1000
                ? fee
                : throw new BankSettingsException($"Merchants:{section.Key}:FeeBasisPoints: '{section["FeeBasisPoints"]}' must be 0 to 1000."),
        };
        if ((merchant.MerchantPublicKeyPem is null) != (merchant.PlatformPrivateKeyPem is null))
            throw new BankSettingsException($"Merchants:{section.Key}: give both MerchantPublicKeyPem and PlatformPrivateKeyPem, or a Key.");
        return merchant.UsesRsa || merchant.Key is { Length: > 0 }
            ? merchant
            : throw new BankSettingsException($"Merchants:{section.Key}:Key is missing.");
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("MchId = ").Append(MchId).Append(", Name = ").Append(Name);
        return true;
    }
}
