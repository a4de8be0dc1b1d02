using System.Diagnostics;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task<T> GetAsync<T>(Func<T?> look, string what)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Deadline)
        {
            if (look() is { } found)
                return found;
            await Task.Delay(5);
        }

        throw new TimeoutException($"Waited {Deadline.TotalSeconds} s in vain: {what}");
    }

    public static Task IsTrueAsync(Func<bool> look, string what) => GetAsync(() => look() ? "yes" : null, what);
}
