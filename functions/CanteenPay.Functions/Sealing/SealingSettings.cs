using Azure.Core;
using CanteenPay.Azure.KeyVault;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Sealing;

/// <summary>
/// Which key wraps data keys: <c>Sealing:KeyVaultKey</c>, the identifier of an RSA key in Key Vault, without a version so that a new one is used from the day it
/// is made; or in Development <c>Sealing:KeyFile</c>.
/// </summary>
internal static class SealingSettings
{
    /// <summary>The key that the settings name.</summary>
    /// <exception cref="SettingException">There is none, or a key file outside Development.</exception>
    public static IKeyEncryptionKey Read(IConfiguration configuration, IHostEnvironment environment, Lazy<TokenCredential> identity)
    {
        var file = configuration["Sealing:KeyFile"];
        var identifier = configuration["Sealing:KeyVaultKey"];
        if (!string.IsNullOrEmpty(identifier) && !string.IsNullOrEmpty(file))
            throw new SettingException("The settings Sealing:KeyVaultKey and Sealing:KeyFile are both there: one key wraps, and which one must be plain.");
        if (!string.IsNullOrEmpty(identifier))
            return OfVault(identifier, configuration["Sealing:KeyVaultScope"], identity.Value);
        if (string.IsNullOrEmpty(file))
            throw new SettingException("The setting Sealing:KeyVaultKey is missing: an RSA key's identifier such as https://contoso.vault.azure.net/keys/merchants (in Development, Sealing:KeyFile instead).");
        return environment.IsDevelopment()
            ? LocalKeyFile.Open(file)
            : throw new SettingException("The setting Sealing:KeyFile is for Development only: elsewhere the key stays in a vault (Sealing:KeyVaultKey).");
    }

    private static KeyVaultKey OfVault(string identifier, string? scope, TokenCredential identity)
    {
        if (!KeyIdentifier.TryCreate(identifier, out var key) || key.VaultUri.Scheme != Uri.UriSchemeHttps)
            throw new SettingException($"The setting Sealing:KeyVaultKey is '{identifier}', which is not a key's identifier such as https://contoso.vault.azure.net/keys/merchants.");
        var byDefault = new KeyClientOptions();
        return new(new KeyClient(key.VaultUri, identity, new KeyClientOptions { Scope = scope ?? byDefault.Scope }), key);
    }
}
