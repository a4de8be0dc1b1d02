using CanteenPay.Azure.Functions;

namespace CanteenPay.Functions.Operations;

/// <summary>The guardian: each minute, whatever began and did not end although it should have. Messages are the fast path, this is the sure one.</summary>
internal sealed class Sweep(IEnumerable<ISweeper> sweepers, TimeProvider clock)
{
    /// <summary>Lets each capability look after its own.</summary>
    [Function("Sweep")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failures = new List<Exception>();
        foreach (var sweeper in sweepers)
        {
            try
            {
                await sweeper.SweepAsync(now, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One capability that fails must not keep the guardian from the others.
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} sweepers failed.", failures);
    }
}

/// <summary>Looks after what a capability began and did not end.</summary>
internal interface ISweeper
{
    /// <summary>Looks once. Called each minute; it keeps its own pace.</summary>
    Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
