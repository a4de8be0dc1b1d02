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
        var apart = new OneByOne();
        foreach (var sweeper in sweepers)
            await apart.TryAsync(() => sweeper.SweepAsync(now, cancellationToken), cancellationToken);
        apart.End("sweepers failed");
    }
}

/// <summary>Looks after what a capability began and did not end.</summary>
internal interface ISweeper
{
    /// <summary>Looks once. Called each minute; it keeps its own pace.</summary>
    Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
