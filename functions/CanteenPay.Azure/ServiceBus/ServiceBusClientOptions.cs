using Azure.Core;

namespace CanteenPay.Azure.ServiceBus;

/// <summary>How messages are sent. Retries follow Azure.Core's policy, for 429, 5xx, error 50009 and broken connections; an attempt ends after 15 s.</summary>
public sealed class ServiceBusClientOptions : ClientOptions
{
    /// <summary>Options with the defaults of this client.</summary>
    public ServiceBusClientOptions() => Retry.NetworkTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The clock for the expiry of shared access signatures.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The scope of Entra tokens; other clouds have other ones.</summary>
    public string Scope { get; set; } = "https://servicebus.azure.net/.default";
}
