using Azure.Core;

namespace CanteenPay.Azure.KeyVault;

/// <summary>How a vault is asked. Retries follow Azure.Core's policy, for 429 (the vault throttles), 5xx and broken connections; an attempt ends after 15 s.</summary>
public sealed class KeyClientOptions : ClientOptions
{
    /// <summary>Options with the defaults of this client.</summary>
    public KeyClientOptions() => Retry.NetworkTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The version of the interface.</summary>
    public string ApiVersion { get; set; } = "7.4";

    /// <summary>The scope of Entra tokens; other clouds have other ones.</summary>
    public string Scope { get; set; } = "https://vault.azure.net/.default";
}
