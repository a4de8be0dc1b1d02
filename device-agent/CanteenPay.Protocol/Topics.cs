namespace CanteenPay.Protocol;

/// <summary>MQTT topics. The broker lets a machine publish only below its own <c>up</c> and read only its own <c>down</c>.</summary>
public static class Topics
{
    /// <summary>Where every machine's topics begin.</summary>
    public const string DevicesPrefix = "canteen/v1/devices/";

    /// <summary>Payment messages of a machine to the cloud.</summary>
    public static string PaymentsUp(DeviceId device) => $"{DevicesPrefix}{device}/up/payments";

    /// <summary>Payment messages of the cloud to a machine.</summary>
    public static string PaymentsDown(DeviceId device) => $"{DevicesPrefix}{device}/down/payments";

    /// <summary>Status messages of a machine to the cloud, and its will.</summary>
    public static string StatusUp(DeviceId device) => $"{DevicesPrefix}{device}/up/status";

    /// <summary>Answers of the cloud to a machine's status.</summary>
    public static string StatusDown(DeviceId device) => $"{DevicesPrefix}{device}/down/status";

    /// <summary>Card messages of a machine to the cloud.</summary>
    public static string CardsUp(DeviceId device) => $"{DevicesPrefix}{device}/up/cards";

    /// <summary>Card messages of the cloud to a machine.</summary>
    public static string CardsDown(DeviceId device) => $"{DevicesPrefix}{device}/down/cards";

    /// <summary>How a machine is to work.</summary>
    public static string SettingsDown(DeviceId device) => $"{DevicesPrefix}{device}/down/settings";

    /// <summary>What changed about a merchant's accounts, for all of its machines.</summary>
    public static string MerchantCards(MerchantId merchant) => $"canteen/v1/merchants/{merchant}/cards";

    /// <summary>Everything the cloud says to one machine.</summary>
    public static string AllDown(DeviceId device) => $"{DevicesPrefix}{device}/down/#";

    /// <summary>The machine in a topic such as <c>canteen/v1/devices/{id}/up/payments</c>; false where there is none.</summary>
    public static bool TryGetDevice(string topic, out DeviceId device)
    {
        device = default;
        if (!topic.StartsWith(DevicesPrefix, StringComparison.Ordinal))
            return false;
        var rest = topic.AsSpan(DevicesPrefix.Length);
        var slash = rest.IndexOf('/');
        return slash > 0 && DeviceId.TryParse(rest[..slash].ToString(), null, out device);
    }
}
