using System.Diagnostics;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Waits for what another thread of the app does.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Tries until it holds; what failed last is thrown at the deadline.</summary>
    public static async Task ShouldAsync(Func<Task> holds)
    {
        for (var begun = Stopwatch.StartNew(); ; await Task.Delay(10))
        {
            try
            {
                await holds();
                return;
            }
            catch (ShouldAssertException) when (begun.Elapsed < Deadline)
            {
            }
        }
    }
}
