using System.Text.Json.Serialization;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>The resource <c>Microsoft.EventGrid/namespaces/clients</c> as it is written and read.</summary>
internal sealed record ClientResource(ClientProperties? Properties, string? Id = null, string? Name = null, string? Type = null)
{
    internal const string ResourceType = "Microsoft.EventGrid/namespaces/clients";

    /// <summary>The group of machines in Bicep goes by this attribute.</summary>
    private const string Kind = "kind", Machine = "machine", Merchant = "merchant";

    internal static ClientResource Of(Device device, string id, string provisioningState) => new(
        new(
            device.Id,
            device.Enabled ? "Enabled" : "Disabled",
            new(ClientProperties.Scheme),
            new Dictionary<string, string> { [Kind] = Machine, [Merchant] = device.Merchant },
            provisioningState),
        id,
        device.Id,
        ResourceType);

    /// <summary>What it says of a machine, or why that is not played here.</summary>
    internal (Device? Device, string? Refusal) Read(string name)
    {
        if (Properties is not { AuthenticationName: { } authentication } said)
            return (null, "properties.authenticationName is missing.");
        if (authentication != name || !Device.IsName(name))
            return (null, $"Here a client is called as it authenticates, by 1–64 letters, digits or dashes: '{name}' is not '{authentication}'.");
        if (said.ClientCertificateAuthentication?.ValidationScheme != ClientProperties.Scheme)
            return (null, $"clientCertificateAuthentication.validationScheme must be {ClientProperties.Scheme}: no other is played here.");
        if (said.State is not ("Enabled" or "Disabled"))
            return (null, "state must be Enabled or Disabled.");
        if (said.Attributes?.GetValueOrDefault(Kind) != Machine || said.Attributes.GetValueOrDefault(Merchant) is not { } merchant || !Device.IsName(merchant))
            return (null, $"Only clients with the attributes {Kind} = {Machine} and {Merchant} are played here: others get nothing of the broker.");
        return (new(name, merchant, said.State == "Enabled"), null);
    }
}

/// <summary>What is said of a client.</summary>
internal sealed record ClientProperties(
    string? AuthenticationName,
    string? State,
    ClientCertificateAuthentication? ClientCertificateAuthentication,
    IReadOnlyDictionary<string, string>? Attributes,
    string? ProvisioningState = null)
{
    internal const string Scheme = "SubjectMatchesAuthenticationName";
}

/// <summary>How a client's certificate names it.</summary>
internal sealed record ClientCertificateAuthentication(string? ValidationScheme);

/// <summary>How Resource Manager says what is wrong.</summary>
internal sealed record ArmError(ArmErrorBody Error);

/// <summary>Code and message.</summary>
internal sealed record ArmErrorBody(string Code, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClientResource))]
[JsonSerializable(typeof(ArmError))]
internal sealed partial class ClientJson : JsonSerializerContext;
