using Azure.Core;

namespace CanteenPay.Azure.EventGrid;

/// <summary>How messages are published. Microsoft's documents disagree on version and audience, so both are settings.</summary>
public sealed class EventGridMqttClientOptions : ClientOptions
{
    /// <summary>Options with the defaults of this client.</summary>
    public EventGridMqttClientOptions() => Retry.NetworkTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The version of the interface.</summary>
    public string ApiVersion { get; set; } = "2025-02-15-preview";

    /// <summary>Whom Entra tokens are for; <c>/.default</c> is added for the scope.</summary>
    public string Audience { get; set; } = "https://eventgrid.azure.net";
}
