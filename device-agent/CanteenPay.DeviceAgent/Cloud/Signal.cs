using System.Threading.Channels;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>Wakes one waiter, where it waits. Set while nobody waits, it is remembered, once.</summary>
internal sealed class Signal(TimeProvider time) : IDisposable
{
    private readonly Channel<bool> raised = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the waiter, or lets the next wait return at once.</summary>
    public void Set() => raised.Writer.TryWrite(true);

    /// <summary>Waits until it is set or the time is over; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (longest <= TimeSpan.Zero && longest != Timeout.InfiniteTimeSpan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }

        await using var timer = longest == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(_ => Set(), null, longest, Timeout.InfiniteTimeSpan);
        await raised.Reader.ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => raised.Writer.TryComplete();
}
