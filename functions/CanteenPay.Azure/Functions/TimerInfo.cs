using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.Azure.Functions;

/// <summary>What the host tells a timer function.</summary>
public sealed record TimerInfo
{
    /// <summary>When the function ran last and runs next; null when the host keeps no record (schedules shorter than a minute).</summary>
    public ScheduleStatus? ScheduleStatus { get; init; }

    /// <summary>True when this run is later than planned.</summary>
    public bool IsPastDue { get; init; }
}

/// <summary>The host's record of a timer.</summary>
public sealed record ScheduleStatus
{
    /// <summary>The last run that was recorded.</summary>
    public DateTimeOffset Last { get; init; }

    /// <summary>The next planned run.</summary>
    public DateTimeOffset Next { get; init; }

    /// <summary>When this record was written.</summary>
    public DateTimeOffset LastUpdated { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TimerInfo))]
internal sealed partial class TimerJsonContext : JsonSerializerContext;
