namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>The one key that senders and receivers over REST sign their tokens with.</summary>
internal sealed record SasOptions(string KeyName, string Key);
