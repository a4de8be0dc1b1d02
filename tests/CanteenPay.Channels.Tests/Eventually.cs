namespace CanteenPay.Channels.Tests;

internal static class Eventually
{
    /// <summary>Waits for a condition, at most 20 s.</summary>
    public static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    /// <summary>Waits for a condition, at most 20 s.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
            await pace.WaitForNextTickAsync(deadline.Token);
    }
}
