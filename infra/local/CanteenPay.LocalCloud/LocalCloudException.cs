namespace CanteenPay.LocalCloud;

/// <summary>LocalCloud cannot do what it was told; the message says which part or setting, why, and what to do.</summary>
internal sealed class LocalCloudException(string message, Exception? inner = null) : Exception(message, inner);
