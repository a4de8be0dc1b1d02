namespace CanteenPay.Benchmarks.Taps;

/// <summary>
/// The time of a till at which one diner comes after the other: it runs on a second from card to card, because the store remembers the cards of the last three
/// seconds, and no till has a thousand of them.
/// </summary>
internal sealed class Queueing : TimeProvider
{
    private long seconds;

    /// <summary>The next diner has come.</summary>
    public void Next() => seconds++;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddSeconds(seconds);

    public override long GetTimestamp() => base.GetTimestamp() + seconds * TimestampFrequency;
}
