using Azure.Core;

namespace CanteenPay.Azure.Tables;

/// <summary>
/// How table requests are sent. Retries follow Azure.Core's policy: by default 3 retries, exponential from 0.8 s, for 408, 429, 5xx and broken connections.
/// An attempt ends after <c>Retry.NetworkTimeout</c>, 15 s here: a diner waits.
/// </summary>
public sealed class TableClientOptions : ClientOptions
{
    /// <summary>Options with the defaults of this client.</summary>
    public TableClientOptions() => Retry.NetworkTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The clock for the dates that shared-key requests are signed with.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The scope of Entra tokens; other clouds have other ones.</summary>
    public string Scope { get; set; } = "https://storage.azure.com/.default";
}
