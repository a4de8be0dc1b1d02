using CanteenPay.LocalCloud.Host.Apps;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>What one function has done since start or the last reset.</summary>
internal sealed class FunctionCounter(FunctionDefinition function, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _invocations;
    private long _failures;
    private int _inFlight;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;

    public FunctionDefinition Function => function;

    public void Begin()
    {
        lock (_lock)
        {
            _invocations++;
            _inFlight++;
        }
    }

    /// <param name="error">Null for success.</param>
    public void End(string? error)
    {
        lock (_lock)
        {
            _inFlight--;
            if (error is null)
                return;
            _failures++;
            (_lastError, _lastErrorAt) = (error, time.GetUtcNow());
        }
    }

    /// <summary>Shows trouble of an invocation that has not ended.</summary>
    public void Note(string error)
    {
        lock (_lock)
            (_lastError, _lastErrorAt) = (error, time.GetUtcNow());
    }

    public void Reset()
    {
        lock (_lock)
            (_invocations, _failures, _lastError, _lastErrorAt) = (0, 0, null, null);
    }

    public FunctionStatus Read(DateTimeOffset? nextRun)
    {
        lock (_lock)
            return new FunctionStatus(function.Name, function.Trigger.Kind, function.Trigger.Target, _invocations, _failures, _inFlight, _lastError, _lastErrorAt, nextRun);
    }
}
