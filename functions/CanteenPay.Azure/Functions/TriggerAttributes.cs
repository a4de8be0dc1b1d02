namespace CanteenPay.Azure.Functions;

/// <summary>Names a method as a function of the app. The name is also the path that the host posts invocations to.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>The function's name: a letter, then at most 127 letters, digits, <c>_</c> or <c>-</c>.</summary>
    public string Name { get; } = name;
}

/// <summary>Common to the triggers: which kind of event starts a function. Stands on the function's first parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : Attribute
{
    private protected TriggerBindingAttribute()
    {
    }
}

/// <summary>A message of a Service Bus queue. Each queue has exactly one function: two would compete for its messages.</summary>
/// <param name="queueName">The queue's name, or a setting's name between percent signs.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ServiceBusTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue's name, or a setting's name between percent signs.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The setting (or prefix of settings) that tells how to reach the namespace.</summary>
    public string Connection { get; set; } = "ServiceBus";
}

/// <summary>A schedule, in the six fields of NCRONTAB (seconds first), in UTC.</summary>
/// <param name="schedule">The schedule, or a setting's name between percent signs.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>The schedule, or a setting's name between percent signs.</summary>
    public string Schedule { get; } = schedule;
}

/// <summary>Requests below a route of the function app. Stands on a <c>RouteGroupBuilder</c>, on which the function maps its endpoints once, at start.</summary>
/// <param name="authLevel">Which key the host asks for.</param>
/// <param name="methods">HTTP methods that the host lets through.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : TriggerBindingAttribute
{
    /// <summary>Which key the host asks for.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>HTTP methods that the host lets through.</summary>
    public IReadOnlyList<string> Methods { get; } = methods;

    /// <summary>The route: one or more literal segments, then optionally a catch-all, for example <c>api/{*path}</c>. Never a catch-all alone.</summary>
    public string Route { get; set; } = "";
}

/// <summary>Which key the host asks for before it lets an HTTP request through.</summary>
public enum AuthorizationLevel
{
    /// <summary>None: the endpoints decide for themselves.</summary>
    Anonymous = 0,

    /// <summary>A key of the function.</summary>
    Function = 2,

    /// <summary>The app's master key.</summary>
    Admin = 4,
}
