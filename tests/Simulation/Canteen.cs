using CanteenPay.Protocol;

namespace CanteenPay.Simulation;

/// <summary>Who takes part: two merchants, and up to three machines.</summary>
internal static class Canteen
{
    public static readonly Merchant First = new(MerchantId.Parse("DEVMERCH"), "7551000001");

    public static readonly Merchant Second = new(MerchantId.Parse("DEVMERC2"), "7551000002");

    /// <summary>The machines with their merchants; a case takes the first one, two or three.</summary>
    public static IReadOnlyList<(DeviceId Device, Merchant Merchant)> Machines { get; } =
    [
        (DeviceId.Parse("DEVMACH1"), First),
        (DeviceId.Parse("DEVMACH2"), First),
        (DeviceId.Parse("DEVMACH3"), Second),
    ];
}

/// <summary>A merchant and its number at the bank.</summary>
internal sealed record Merchant(MerchantId Id, string BankNo);
