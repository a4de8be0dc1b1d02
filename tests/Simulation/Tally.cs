using System.Globalization;

namespace CanteenPay.Simulation;

/// <summary>What happened in a case, or in many: a simulator in which nothing happens finds nothing.</summary>
internal sealed record Tally
{
    public int Cases { get; init; }

    public int Orders { get; init; }

    public int Paid { get; init; }

    public int PaidLate { get; init; }

    public int Refunds { get; init; }

    public int Spoken { get; init; }

    public int Parked { get; init; }

    public int AppKills { get; init; }

    public int PowerCuts { get; init; }

    public static Tally operator +(Tally one, Tally other) => new()
    {
        Cases = one.Cases + other.Cases,
        Orders = one.Orders + other.Orders,
        Paid = one.Paid + other.Paid,
        PaidLate = one.PaidLate + other.PaidLate,
        Refunds = one.Refunds + other.Refunds,
        Spoken = one.Spoken + other.Spoken,
        Parked = one.Parked + other.Parked,
        AppKills = one.AppKills + other.AppKills,
        PowerCuts = one.PowerCuts + other.PowerCuts,
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cases} cases: {Orders} orders at the bank, {Paid} paid, {PaidLate} of them late, {Refunds} refunds, {Spoken} spoken, {Parked} parked, {AppKills} kills of the app, {PowerCuts} power cuts");
}
