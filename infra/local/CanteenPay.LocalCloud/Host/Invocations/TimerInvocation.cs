using CanteenPay.LocalCloud.Host.Apps;
using CanteenPay.LocalCloud.Host.Timers;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>The body of an invocation for a timer.</summary>
internal static class TimerInvocation
{
    /// <summary><c>run</c> is null for a timer that is not monitored; <c>sys</c> is the object <c>Metadata.sys</c>, as JSON.</summary>
    public static string Body(FunctionDefinition function, TimerRun? run, bool pastDue, string sys)
    {
        var status = run is null
            ? "null"
            : $"{{\"Last\":{Last(run)},\"Next\":{HostText.WithOffset(run.Next)},\"LastUpdated\":{HostText.WithOffset(run.LastUpdated)}}}";
        return $"{{\"Data\":{{{HostText.Quote(function.BindingName)}:{{\"Schedule\":{{\"AdjustForDST\":true}},\"ScheduleStatus\":{status},"
            + $"\"IsPastDue\":{(pastDue ? "true" : "false")}}}}},\"Metadata\":{{\"sys\":{sys}}}}}";
    }

    // A timer that never ran has .NET's empty date there, without a zone.
    private static string Last(TimerRun run) => run.Last is { } last ? HostText.WithOffset(last) : HostText.WithoutZone(DateTimeOffset.MinValue);
}
