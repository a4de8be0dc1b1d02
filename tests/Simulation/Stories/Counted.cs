namespace CanteenPay.Simulation.Stories;

/// <summary>What is counted in stories, as the summary calls it.</summary>
internal static class Counted
{
    public const string Orders = "orders at the bank";
    public const string Paid = "paid";
    public const string PaidLate = "paid late";
    public const string Refunds = "refunds";
    public const string Spoken = "spoken";
    public const string Parked = "parked";
    public const string AppKills = "kills of the app";
    public const string PowerCuts = "power cuts";
}
