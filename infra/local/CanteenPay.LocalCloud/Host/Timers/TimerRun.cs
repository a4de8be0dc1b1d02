using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Host.Timers;

/// <summary>A timer's last and next occurrence as the host keeps them; <c>Last</c> is null before the first.</summary>
internal sealed record TimerRun(DateTimeOffset? Last, DateTimeOffset Next, DateTimeOffset LastUpdated);

[JsonSerializable(typeof(TimerRun))]
internal sealed partial class TimerRunJson : JsonSerializerContext;
