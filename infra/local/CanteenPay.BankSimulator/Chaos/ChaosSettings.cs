using System.Collections.Immutable;
using CanteenPay.BankSimulator.Gateway;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>How often a fault happens, 0 to 1, and for how long where it takes time.</summary>
internal readonly record struct FaultShare(double Share, TimeSpan Delay);

/// <summary>Which faults happen: for all orders, or for one.</summary>
internal sealed record ChaosSettings
{
    public static ChaosSettings Calm { get; } = new();

    /// <summary>The dice; null: the bank's own choice.</summary>
    public long? Seed { get; init; }

    /// <summary>Only the faults that can happen.</summary>
    public ImmutableDictionary<Fault, FaultShare> Shares { get; init; } = ImmutableDictionary<Fault, FaultShare>.Empty;

    /// <summary>The calls that faults of the gateway keep to; empty: all.</summary>
    public ImmutableHashSet<GatewayCall> Calls { get; init; } = [];

    /// <summary>How many times each fault happens to the one order, if these settings are an order's own.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The share of a fault; null when it cannot happen. <paramref name="call"/> is null where no call is answered.</summary>
    public FaultShare? ShareOf(Fault fault, GatewayCall? call) =>
        Shares.TryGetValue(fault, out var share) && (call is null || Calls.IsEmpty || Calls.Contains(call.Value)) ? share : null;
}
