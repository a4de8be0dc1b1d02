namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Until when something may be said.</summary>
internal static class SpeakingDeadline
{
    /// <summary>
    /// Nothing is said from then on: the age that the cloud stated when it sent says nothing of the time on the way, so that what the broker left of the
    /// message's life counts too (design, Time).
    /// </summary>
    /// <param name="limits">How late is too late.</param>
    /// <param name="receivedAt">When the message arrived.</param>
    /// <param name="ageMs">The age that it states, in milliseconds.</param>
    /// <param name="expiry">What was left of its own life when it arrived; null when it has no end.</param>
    public static DateTimeOffset Of(TillLimits limits, DateTimeOffset receivedAt, long? ageMs, TimeSpan? expiry)
    {
        var left = limits.SpeakWithin - TimeSpan.FromMilliseconds(Math.Clamp(ageMs ?? 0, 0, int.MaxValue));
        return receivedAt + (expiry < left ? expiry.Value : left);
    }
}
