namespace CanteenPay.Lunch.Stack;

/// <summary>LocalCloud's status and counters.</summary>
internal sealed class CloudControl(HttpClient http, Uri status, TimeProvider time)
{
    /// <summary>How everything stands.</summary>
    public async Task<CloudView> ReadAsync(CancellationToken cancellationToken) =>
        await http.GetAsync(new Uri(status, "/status.json"), LunchJson.Default.CloudView, time, cancellationToken)
            ?? throw new LunchException($"{status}status.json is not there.");

    /// <summary>Counts from now on.</summary>
    public async Task ResetCountersAsync(CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(new Uri(status, "/counters/reset"), content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Lets a timer go off now.</summary>
    public async Task FireTimerAsync(string function, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(new Uri(status, $"/timers/{function}/fire"), content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}

/// <summary>LocalCloud's status, as far as the lunch looks at it.</summary>
internal sealed record CloudView(
    IReadOnlyList<PartView> Parts, FunctionsView Functions, IReadOnlyList<QueueView> Queues, IReadOnlyDictionary<string, long> Operations);

/// <summary>A part, and its process while it has one.</summary>
internal sealed record PartView(string Name, string State, int? Pid, int Starts);

/// <summary>The function app.</summary>
internal sealed record FunctionsView(IReadOnlyList<HandlerView> Handlers, IReadOnlyList<FunctionView> Functions);

/// <summary>A process of the function app.</summary>
internal sealed record HandlerView(int Starts);

/// <summary>How often a function was called, and how often it failed.</summary>
internal sealed record FunctionView(string Name, long Invocations, long Failures);

/// <summary>What waits in a queue.</summary>
internal sealed record QueueView(string Name, int Ready, int InFlight, int DeadLetters);
