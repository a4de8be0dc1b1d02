using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Faults;

/// <summary>How one hop misbehaves. A share is a probability from 0 (also when absent) to 1; which of them a hop knows stands in <see cref="HopKind"/>.</summary>
internal sealed record HopSettings
{
    internal static readonly HopSettings Calm = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Drop { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Refuse { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Throttle { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Double { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LostAnswer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DelaySettings? Delay { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Reorder { get; init; }

    /// <summary>One I/O in so many, by the dice, is the last of the function app's process; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int EveryIo { get; init; }

    internal double ShareOf(FaultKind kind) => kind switch
    {
        FaultKind.Drop => Drop,
        FaultKind.Refuse => Refuse,
        FaultKind.Throttle => Throttle,
        FaultKind.Double => Double,
        FaultKind.LostAnswer => LostAnswer,
        FaultKind.Delay => Delay?.Share ?? 0,
        FaultKind.Reorder => Reorder,
        FaultKind.Kill => EveryIo > 0 ? 1.0 / EveryIo : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No share is set for this fault."),
    };
}

/// <summary>Which share is late, and by how many milliseconds (not scaled by <c>--time-scale</c>).</summary>
internal sealed record DelaySettings(double Share, int Ms)
{
    internal const int MostMs = 60_000;
}
