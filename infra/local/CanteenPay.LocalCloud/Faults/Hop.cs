namespace CanteenPay.LocalCloud.Faults;

/// <summary>One hop: its settings, its dice, and what was done to it.</summary>
internal sealed class Hop(HopKind kind)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FaultKind, long> _counts = kind.Faults.ToDictionary(static f => f, static _ => 0L);
    private Random _random = new(0);
    private TaskCompletionSource _changed = NewChange();
    // Null when calm: then a message costs the reading of this field.
    private volatile HopSettings? _settings;
    private long _seen;

    internal HopKind Kind => kind;

    /// <summary>What happens to the next message or request; null when nothing does.</summary>
    internal Verdict? Next()
    {
        if (_settings is null)
        {
            return null;
        }

        lock (_lock)
        {
            if (_settings is not { } settings)
            {
                return null;
            }

            _seen++;
            return Dice.Roll(_random, settings);
        }
    }

    internal void Set(HopSettings settings)
    {
        lock (_lock)
        {
            _settings = settings == HopSettings.Calm ? null : settings;
            _changed.SetResult();
            _changed = NewChange();
        }
    }

    /// <summary>The dice and the counts begin anew.</summary>
    internal void Begin(int seed)
    {
        lock (_lock)
        {
            _random = new(seed);
            _seen = 0;
            foreach (var fault in kind.Faults)
            {
                _counts[fault] = 0;
            }
        }
    }

    internal void Count(FaultKind fault)
    {
        lock (_lock)
        {
            _counts[fault]++;
        }
    }

    /// <summary>Waits, but not longer than the settings stay as they are: what is held back when the faults end arrives then.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> is cancelled.</exception>
    internal async Task WaitAsync(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_lock)
        {
            changed = _changed.Task;
        }

        try
        {
            await changed.WaitAsync(delay, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The delay has passed, as it does unless the settings change.
        }
    }

    internal HopStatus Read()
    {
        lock (_lock)
        {
            return new(kind.Title, _settings ?? HopSettings.Calm, _seen, _counts.ToDictionary(c => FaultNames.Of(c.Key), c => c.Value));
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
