using CanteenPay.Azure.Functions;

namespace CanteenPay.Functions.Operations;

/// <summary>The night's chores, one capability after another.</summary>
internal sealed class Night(IEnumerable<INightChore> chores, TimeProvider clock)
{
    /// <summary>01:30 in Asia/Shanghai; timers run by UTC.</summary>
    [Function("Night")]
    public async Task RunAsync([TimerTrigger("0 30 17 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failures = new List<Exception>();
        foreach (var chore in chores)
        {
            try
            {
                await chore.RunAsync(now, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One capability that fails must not keep the night from the others.
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} chores of the night failed.", failures);
    }
}
