using Azure.Core;

namespace CanteenPay.Azure.ResourceManager;

/// <summary>How Azure Resource Manager is asked. An attempt ends after 10 s; 429, 5xx, broken connections and 409 (another change is under way) are tried three times more.</summary>
public sealed class ResourceManagerOptions : ClientOptions
{
    /// <summary>Options with the defaults of this client.</summary>
    public ResourceManagerOptions() => Retry.NetworkTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The version of the interface.</summary>
    public string ApiVersion { get; set; } = "2025-02-15";

    /// <summary>For how long a write is waited for, retries and the namespace's own work included.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long after a write it is first asked whether it is done; each time after that twice as long.</summary>
    public TimeSpan FirstLook { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;
}
