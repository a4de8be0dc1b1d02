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
    public const string Taps = "taps approved";
    public const string Undone = "undone";
    public const string Lost = "lost with a disk";
    public const string Refused = "cards refused";
    public const string Wishes = "wishes of offices";
    public const string LongOffline = "times long offline";
    public const string Restored = "disks restored";
    public const string Replaced = "disks replaced";
    public const string Damaged = "databases damaged";
    public const string Moved = "moves";
    public const string Released = "journals released";
    public const string Ended = "journals ended";
}
