using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CanteenPay.LocalCloud.Tests.Host;

/// <summary>Waits for a condition instead of for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task HoldsAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Deadline, $"waited in vain for {what}");
            await Task.Delay(2);
        }
    }
}
