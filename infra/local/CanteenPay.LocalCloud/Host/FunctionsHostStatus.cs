namespace CanteenPay.LocalCloud.Host;

/// <summary>The function app as the status page shows it.</summary>
internal sealed record FunctionsHostStatus(IReadOnlyList<HandlerStatus> Handlers, IReadOnlyList<FunctionStatus> Functions);

/// <summary>What a handler process is doing.</summary>
internal enum HandlerState
{
    NotStarted,
    Starting,
    Ready,

    /// <summary>Exited with 0, which the host takes for a wish: it is never started again and every invocation fails.</summary>
    ExitedForGood,

    /// <summary>Three errors: the host gave the app up.</summary>
    HostStopped,
    Stopped,
}

/// <summary>One handler process. <c>Group</c> names the functions it serves ("all", "http" or a function); <c>Starts</c> counts its starts.</summary>
internal sealed record HandlerStatus(string Group, HandlerState State, int? ProcessId, int? Port, int Starts, int Errors, string? LastError);

/// <summary>One function. <c>Trigger</c> is "http", "serviceBus" or "timer"; <c>Target</c> its route, queue or schedule; <c>NextRun</c> is a timer's, in UTC.</summary>
internal sealed record FunctionStatus(
    string Name, string Trigger, string Target, long Invocations, long Failures, int InFlight, string? LastError, DateTimeOffset? LastErrorAt, DateTimeOffset? NextRun);
