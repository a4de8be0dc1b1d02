using System.Security.Cryptography;

namespace CanteenPay.Channels.Tests;

/// <summary>Accounts for tests; the RSA pairs are made once.</summary>
internal static class Accounts
{
    public const string MerchantId = "7551000001";

    public const string Key = "9d101c97133837e13dde2d32a5054abb";

    public static RSA MerchantKey { get; } = RSA.Create(2048);

    public static RSA PlatformKey { get; } = RSA.Create(2048);

    public static ChannelAccount Md5(string gateway = "http://127.0.0.1:1/pay/gateway") => new()
    {
        Channel = "swiftpass",
        Gateway = new Uri(gateway),
        MerchantId = MerchantId,
        SignType = SignType.Md5,
        Key = Key,
    };

    public static ChannelAccount Rsa(string gateway = "http://127.0.0.1:1/pay/gateway") => Md5(gateway) with
    {
        SignType = SignType.Rsa256,
        Key = null,
        MerchantPrivateKeyPem = MerchantKey.ExportPkcs8PrivateKeyPem(),
        PlatformPublicKeyPem = PlatformKey.ExportSubjectPublicKeyInfoPem(),
    };

    /// <summary>The account as the bank would hold it: what it signs, <paramref name="account"/> verifies.</summary>
    public static ChannelAccount BankSide(ChannelAccount account) => account.SignType is SignType.Md5
        ? account
        : account with { MerchantPrivateKeyPem = PlatformKey.ExportPkcs8PrivateKeyPem(), PlatformPublicKeyPem = MerchantKey.ExportSubjectPublicKeyInfoPem() };
}
