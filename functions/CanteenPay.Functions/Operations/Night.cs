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
        var apart = new OneByOne();
        foreach (var chore in chores)
            await apart.TryAsync(() => chore.RunAsync(now, cancellationToken), cancellationToken);
        apart.End("chores of the night failed");
    }
}
