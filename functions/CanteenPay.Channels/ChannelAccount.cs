using System.Text;

namespace CanteenPay.Channels;

/// <summary>How messages are signed; fixed per account, never taken from a message.</summary>
public enum SignType
{
    /// <summary>MD5 over the fields and a shared key.</summary>
    Md5,

    /// <summary><c>RSA_1_256</c>: SHA-256 with RSA, PKCS#1 v1.5; each side has its own pair.</summary>
    Rsa256,
}

/// <summary>A merchant's account at a channel, secrets included: <see cref="ToString"/> leaves them out.</summary>
public sealed record ChannelAccount
{
    /// <summary>The channel's name, e.g. <c>swiftpass</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>The address that requests are posted to: https, or http on a loopback address.</summary>
    public required Uri Gateway { get; init; }

    /// <summary>The merchant's number at the channel (<c>mch_id</c>), at most 32 characters.</summary>
    public required string MerchantId { get; init; }

    /// <summary>The service provider's number (<c>sign_agentno</c>) when the provider's keys sign instead of the merchant's.</summary>
    public string? SignAgentNo { get; init; }

    /// <summary>How both sides sign.</summary>
    public required SignType SignType { get; init; }

    /// <summary>The shared key, for <see cref="SignType.Md5"/>.</summary>
    public string? Key { get; init; }

    /// <summary>Our private key as PEM, for <see cref="SignType.Rsa256"/>.</summary>
    public string? MerchantPrivateKeyPem { get; init; }

    /// <summary>The channel's public key as PEM, for <see cref="SignType.Rsa256"/>.</summary>
    public string? PlatformPublicKeyPem { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Channel = ").Append(Channel)
            .Append(", Gateway = ").Append(Gateway)
            .Append(", MerchantId = ").Append(MerchantId)
            .Append(", SignAgentNo = ").Append(SignAgentNo)
            .Append(", SignType = ").Append(SignType);
        return true;
    }
}
