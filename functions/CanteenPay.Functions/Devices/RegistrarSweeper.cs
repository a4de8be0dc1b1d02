using Azure;
using Azure.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Devices;

/// <summary>Tells the broker of machines that somebody changed and did not come to telling it.</summary>
internal sealed class RegistrarSweeper(BrokerMarks marks, MachineRegistrar registrar, TimeProvider clock, ILogger<RegistrarSweeper> logger) : ISweeper
{
    private const int MostMachines = 100;

    /// <summary>By then people are to know that the broker still lets a blocked machine in, or a new one not.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(15);

    /// <summary>Orders wait for the same sweep.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var apart = new OneByOne();
        var isAway = false;
        await foreach (var mark in marks.ListAsync(cancellationToken).Take(MostMachines))
        {
            if (now - mark.Since > TooLong)
                MerchantLog.BrokerStillNotTold(logger, mark.Device.Value, mark.Since);
            if (isAway || clock.GetElapsedTime(started) > Limit)
                continue;
            await apart.TryAsync(
                async () =>
                {
                    try
                    {
                        await registrar.SweepAsync(mark, cancellationToken);
                    }
                    catch (Exception e) when (e is RequestFailedException { Status: 0 or 429 or >= 500 } or AuthenticationFailedException)
                    {
                        // It would not answer for the next one either.
                        isAway = true;
                        throw;
                    }
                },
                cancellationToken);
        }

        apart.End("machines are unknown to the broker as they are");
    }
}
