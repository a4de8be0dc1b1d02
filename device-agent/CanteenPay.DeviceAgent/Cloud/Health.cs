namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>The last error that an operator should see; it travels with the status.</summary>
internal sealed class Health
{
    private const int MaxLength = 200;
    private volatile string? lastError;

    /// <summary>Raised when another error is the last one.</summary>
    public event EventHandler? Changed;

    /// <summary>The last error, at most 200 characters; null when there was none.</summary>
    public string? LastError => lastError;

    /// <summary>Notes an error.</summary>
    public void Report(string error)
    {
        var text = error.Length <= MaxLength ? error : error[..MaxLength];
        if (Interlocked.Exchange(ref lastError, text) != text)
            Changed?.Invoke(this, EventArgs.Empty);
    }
}
