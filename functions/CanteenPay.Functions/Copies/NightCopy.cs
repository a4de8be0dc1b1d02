using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Copies;

/// <summary>Each night's copy.</summary>
internal sealed class NightCopy(CopyStart start) : INightChore
{
    /// <inheritdoc/>
    public Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken) => start.BeginAsync(CopyLabel.OfNight(now), now, cancellationToken);
}
