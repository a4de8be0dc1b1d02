using NCrontab;

namespace CanteenPay.LocalCloud.Host.Apps;

/// <summary>A function and the name its trigger's value travels under in <c>Data</c>.</summary>
internal sealed record FunctionDefinition(string Name, string BindingName, Trigger Trigger);

/// <summary>What makes a function run.</summary>
internal abstract record Trigger
{
    /// <summary>"http", "serviceBus" or "timer".</summary>
    public abstract string Kind { get; }

    /// <summary>The route, queue or schedule, for people.</summary>
    public abstract string Target { get; }
}

/// <summary>Called through the front door; <c>Route</c> has the prefix already, <c>Methods</c> is empty for all.</summary>
internal sealed record HttpTrigger(string Route, IReadOnlyList<string> Methods) : Trigger
{
    public override string Kind => "http";

    public override string Target => Route;
}

/// <summary>Runs for each message of a queue, or of its <c>/$deadletterqueue</c>. <c>Binary</c>: the body travels as base64 and never overwrites metadata.</summary>
internal sealed record QueueTrigger(string Queue, bool Binary) : Trigger
{
    public override string Kind => "serviceBus";

    public override string Target => Queue;
}

/// <summary>Runs at the times of a six-field schedule in UTC.</summary>
internal sealed record TimerTrigger(string Expression, CrontabSchedule Schedule, bool RunOnStartup, bool Monitored) : Trigger
{
    public override string Kind => "timer";

    public override string Target => Expression;
}
