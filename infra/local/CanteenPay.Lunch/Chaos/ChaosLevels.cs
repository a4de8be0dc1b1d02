using System.Text.Json.Nodes;

namespace CanteenPay.Lunch.Chaos;

/// <summary>
/// How much goes wrong: more than on the worst real day, little enough that most diners still eat. Nothing here makes the bank lie about an amount in a rightly
/// signed answer: such an order waits for a person, which is right, and is tested elsewhere.
/// </summary>
internal static class ChaosLevels
{
    /// <summary>Body of <c>PUT /control/chaos</c> at the bank.</summary>
    public static JsonObject Bank(int seed) => new()
    {
        ["seed"] = seed,
        ["slow"] = Delay(share: 0.1, ms: 2_000),
        ["refuseToConnect"] = 0.02,
        ["serverError"] = 0.03,
        ["lostAnswer"] = 0.03,
        ["unknown"] = 0.03,
        ["badSignature"] = 0.02,
        ["notificationTwice"] = 0.2,
        ["notificationLost"] = 0.15,
        ["notificationDelayed"] = Delay(share: 0.1, ms: 8_000),
        ["notificationBeforeCreateAnswer"] = 0.02,
        ["notificationAgainAfterClose"] = 0.2,
        ["payInLastSecondOfClosing"] = 0.1,
        ["payAfterClose"] = 0.1,
        ["refundSlow"] = Delay(share: 0.2, ms: 5_000),
    };

    /// <summary>Body of <c>PUT /faults</c> at LocalCloud.</summary>
    public static JsonObject Cloud(int seed) => new()
    {
        ["seed"] = seed,
        ["hops"] = new JsonObject
        {
            ["machine-to-cloud"] = Messages(),
            ["cloud-to-machine"] = Messages(),
            ["service-bus"] = new JsonObject { ["refuse"] = 0.03, ["lostAnswer"] = 0.03, ["double"] = 0.05, ["delay"] = Delay(share: 0.05, ms: 500) },
            ["tables"] = new JsonObject { ["throttle"] = 0.02, ["lostAnswer"] = 0.01, ["delay"] = Delay(share: 0.05, ms: 200) },
            ["queue-delivery"] = new JsonObject { ["double"] = 0.05, ["delay"] = Delay(share: 0.05, ms: 500) },
            ["front-door"] = new JsonObject { ["refuse"] = 0.03, ["lostAnswer"] = 0.03, ["double"] = 0.05, ["delay"] = Delay(share: 0.05, ms: 500) },
        },
    };

    private static JsonObject Messages() => new() { ["drop"] = 0.03, ["double"] = 0.1, ["delay"] = Delay(share: 0.1, ms: 1_500), ["reorder"] = 0.05 };

    private static JsonObject Delay(double share, int ms) => new() { ["share"] = share, ["ms"] = ms };
}
