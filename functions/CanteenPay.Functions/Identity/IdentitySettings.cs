using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Identity;

/// <summary>Which directory's tokens are believed; section <c>AzureAd</c>, named as Microsoft.Identity.Web names it.</summary>
/// <param name="Authority">The directory's address with its tenant: also the issuer that tokens must name.</param>
/// <param name="TenantId">The tenant.</param>
/// <param name="Audiences">For whom a token must be.</param>
internal sealed record IdentitySettings(Uri Authority, Guid TenantId, IReadOnlyList<string> Audiences)
{
    /// <summary>Where Microsoft Entra ID lives: worldwide, China, and the United States' government.</summary>
    private static readonly string[] EntraHosts = ["login.microsoftonline.com", "login.partner.microsoftonline.cn", "login.microsoftonline.us"];

    /// <summary>Where the directory says by which keys it signs.</summary>
    public string MetadataAddress => $"{Authority.AbsoluteUri}/.well-known/openid-configuration";

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="isDevelopment">Another directory than Entra is believed in Development alone.</param>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static IdentitySettings Read(IConfiguration configuration, bool isDevelopment)
    {
        var instance = Settings.Url(configuration, "AzureAd:Instance");
        if (!isDevelopment && (instance.Scheme != Uri.UriSchemeHttps || !instance.IsDefaultPort || !EntraHosts.Contains(instance.Host)))
        {
            throw new SettingException(
                $"The setting AzureAd:Instance is '{instance}'. Outside Development it is Microsoft Entra ID: https:// and one of {string.Join(", ", EntraHosts)}.");
        }

        var client = Settings.Text(configuration, "AzureAd:ClientId");
        return Guid.TryParse(Settings.Text(configuration, "AzureAd:TenantId"), out var tenant)
            ? new(
                new Uri($"{instance.AbsoluteUri.TrimEnd('/')}/{tenant}/v2.0"),
                tenant,
                configuration["AzureAd:Audience"] is { Length: > 0 } audience ? [audience] : [client, $"api://{client}"])
            : throw new SettingException("The setting AzureAd:TenantId is no GUID: only the people of one tenant are let in.");
    }
}
