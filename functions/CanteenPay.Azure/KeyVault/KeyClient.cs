using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.KeyVault;

/// <summary>The keys of one vault.</summary>
public class KeyClient
{
    private readonly HttpPipeline? pipeline;
    private readonly string apiVersion = "";

    /// <summary>With Entra, for example a managed identity.</summary>
    /// <param name="vaultUri">For example <c>https://{vault}.vault.azure.net</c>; https only.</param>
    /// <param name="credential">Gets the tokens.</param>
    /// <param name="options">How the vault is asked.</param>
    /// <exception cref="ArgumentException">The address is not https: a token would be sent in the clear.</exception>
    public KeyClient(Uri vaultUri, TokenCredential credential, KeyClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(vaultUri);
        if (vaultUri.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"'{vaultUri}' is no https address, like https://contoso.vault.azure.net.", nameof(vaultUri));
        }

        options ??= new();
        VaultUri = new(vaultUri.GetLeftPart(UriPartial.Authority));
        apiVersion = options.ApiVersion;
        pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(credential, options.Scope));
    }

    /// <summary>For implementations without a vault.</summary>
    protected KeyClient()
    {
    }

    /// <summary>The vault's address.</summary>
    public virtual Uri VaultUri { get; } = new("https://localhost");

    /// <summary>A client of one key. Sends nothing.</summary>
    /// <param name="keyName">Letters, digits and dashes.</param>
    /// <param name="keyVersion">The version; null for the latest.</param>
    /// <exception cref="ArgumentException">A name or version that no key has.</exception>
    public virtual CryptographyClient GetCryptographyClient(string keyName, string? keyVersion = null)
    {
        KeyIdentifier identifier = new(VaultUri, keyName, keyVersion);
        return new(identifier.ToUri(), apiVersion, pipeline ?? throw new InvalidOperationException("This client has no vault: override GetCryptographyClient."));
    }
}
