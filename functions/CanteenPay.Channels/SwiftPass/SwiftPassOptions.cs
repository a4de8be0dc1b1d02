namespace CanteenPay.Channels.SwiftPass;

/// <summary>Settings of the adapter that are the same for every account.</summary>
public sealed record SwiftPassOptions
{
    /// <summary>How long one call may take from the first byte sent to the last byte read. Above zero, at most a minute; 5 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
