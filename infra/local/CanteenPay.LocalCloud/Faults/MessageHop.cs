namespace CanteenPay.LocalCloud.Faults;

/// <summary>Drops, doubles, delays and reorders messages that were already accepted. What it holds back is bounded in number and in time.</summary>
internal sealed class MessageHop(Hop hop, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int MostHeld = 200;
    private static readonly TimeSpan LongestOvertaking = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Task> _held = [];
    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource? _overtaking;
    private long _lastHeld;

    /// <summary>Delivers the message, or does to it what the dice say. Returns when it is delivered, dropped or held back.</summary>
    /// <param name="deliver">May be called twice, and later than this returns; it must end by itself.</param>
    /// <param name="cancellationToken">Of what is delivered at once.</param>
    internal async Task PassAsync(Func<CancellationToken, Task> deliver, CancellationToken cancellationToken)
    {
        var verdict = hop.Next() ?? default;
        if (verdict.Nothing)
        {
            hop.Count(FaultKind.Drop);
            return;
        }

        if (verdict.Twice)
        {
            await DeliverAsync(deliver, cancellationToken);
            hop.Count(FaultKind.Double);
        }

        if (!IsHeld(verdict, deliver))
        {
            await DeliverAsync(deliver, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Task[] held;
        lock (_lock)
        {
            held = [.. _held.Values];
        }

        try
        {
            await Task.WhenAll(held).WaitAsync(EndPatience, time);
        }
        catch (TimeoutException)
        {
            logger.LogWarning("{Hop}: of {Count} messages held back some could not be delivered at the end", hop.Kind.Name, held.Length);
        }

        _ending.Dispose();
    }

    private async Task DeliverAsync(Func<CancellationToken, Task> deliver, CancellationToken cancellationToken)
    {
        TaskCompletionSource? overtaken;
        lock (_lock)
        {
            (overtaken, _overtaking) = (_overtaking, null);
        }

        await deliver(cancellationToken);
        overtaken?.SetResult();
    }

    private bool IsHeld(Verdict verdict, Func<CancellationToken, Task> deliver)
    {
        if (!verdict.Overtaken && verdict.Delay == TimeSpan.Zero)
        {
            return false;
        }

        lock (_lock)
        {
            if (_held.Count >= MostHeld || _ending.IsCancellationRequested)
            {
                return false;
            }

            hop.Count(verdict.Overtaken ? FaultKind.Reorder : FaultKind.Delay);
            var waiting = verdict.Overtaken
                ? WaitAsync(LongestOvertaking, (_overtaking ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task)
                : WaitAsync(verdict.Delay);
            _held[++_lastHeld] = DeliverAfterAsync(waiting, _lastHeld, deliver);
            return true;
        }
    }

    private async Task DeliverAfterAsync(Task waiting, long number, Func<CancellationToken, Task> deliver)
    {
        // Not under the caller's lock, and not before the caller has noted this task.
        await Task.Yield();
        try
        {
            await waiting;
            await deliver(CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "{Hop}: a message that was held back is lost", hop.Kind.Name);
        }
        finally
        {
            lock (_lock)
            {
                _held.Remove(number);
            }
        }
    }

    /// <summary>Until the delay has passed, the settings change, it is overtaken, or the end: then it is delivered now rather than never.</summary>
    private async Task WaitAsync(TimeSpan delay, Task? overtaken = null)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        await Task.WhenAny(hop.WaitAsync(delay, time, done.Token), overtaken ?? Task.Delay(Timeout.Infinite, done.Token));
        await done.CancelAsync();
    }
}
