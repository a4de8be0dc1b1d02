using System.Text.Json;
using Azure;

namespace CanteenPay.Azure.ResourceManager;

/// <summary>A client of the MQTT broker of an Event Grid namespace, known by the common name of a certificate that a CA of the namespace signed.</summary>
/// <param name="AuthenticationName">The common name. Cannot be changed, and is unique regardless of case.</param>
/// <param name="IsEnabled">False: the broker takes no connection of it. Whether it ends a living one is not documented.</param>
/// <param name="Attributes">What groups and topic templates go by; texts only, although the broker knows other kinds.</param>
public sealed record EventGridNamespaceClient(string AuthenticationName, bool IsEnabled, IReadOnlyDictionary<string, string> Attributes)
{
    private const string Enabled = "Enabled", Scheme = "SubjectMatchesAuthenticationName";

    /// <summary>Whether the other says the same.</summary>
    public bool Says(EventGridNamespaceClient other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return AuthenticationName == other.AuthenticationName && IsEnabled == other.IsEnabled && Attributes.Count == other.Attributes.Count
            && Attributes.All(attribute => other.Attributes.TryGetValue(attribute.Key, out var value) && value == attribute.Value);
    }

    internal BinaryData ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("properties");
            json.WriteString("authenticationName", AuthenticationName);
            json.WriteString("state", IsEnabled ? Enabled : "Disabled");
            json.WriteStartObject("clientCertificateAuthentication");
            json.WriteString("validationScheme", Scheme);
            json.WriteEndObject();
            json.WriteStartObject("attributes");
            foreach (var (name, value) in Attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return BinaryData.FromBytes(stream.ToArray());
    }

    /// <summary>What an answer holds, and how far the namespace is with it (null: it does not say).</summary>
    /// <exception cref="RequestFailedException">It is no client.</exception>
    internal static (EventGridNamespaceClient Client, string? ProvisioningState) Read(Response response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            var properties = document.RootElement.GetProperty("properties");
            Dictionary<string, string> attributes = [];
            if (properties.TryGetProperty("attributes", out var given) && given.ValueKind == JsonValueKind.Object)
            {
                foreach (var attribute in given.EnumerateObject())
                {
                    // Of another kind: as it is written, so that it differs from every text that is meant.
                    attributes[attribute.Name] = attribute.Value.ValueKind == JsonValueKind.String ? attribute.Value.GetString()! : attribute.Value.GetRawText();
                }
            }

            EventGridNamespaceClient client = new(properties.GetProperty("authenticationName").GetString() ?? "", IsIt(properties, "state", Enabled), attributes);
            return (client, properties.TryGetProperty("provisioningState", out var state) ? state.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RequestFailedException(response.Status, $"Azure Resource Manager's answer is no client of a namespace: {e.Message}", null, e);
        }
    }

    private static bool IsIt(JsonElement properties, string name, string value) =>
        string.Equals(properties.GetProperty(name).GetString(), value, StringComparison.OrdinalIgnoreCase);
}
