using System.Diagnostics;

namespace CanteenPay.Mqtt.Tests.Broker;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    internal static Task True(Func<bool> condition, string what) => Async(() => Task.FromResult(condition()), what);

    internal static async Task Async(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
            {
                throw new TimeoutException($"Within {Deadline} it did not happen that {what}.");
            }

            await Task.Delay(10);
        }
    }
}
