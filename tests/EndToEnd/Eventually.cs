namespace CanteenPay.EndToEnd;

/// <summary>Waits for a condition with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static Task TrueAsync(Func<bool> condition, TimeSpan limit, Func<string> otherwise) =>
        TrueAsync(() => Task.FromResult(condition()), limit, otherwise);

    public static async Task TrueAsync(Func<Task<bool>> conditionAsync, TimeSpan limit, Func<string> otherwise)
    {
        using var deadline = new CancellationTokenSource(limit);
        using var timer = new PeriodicTimer(Pause);
        while (!await conditionAsync())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds} s: {otherwise()}", late);
            }
        }
    }
}
