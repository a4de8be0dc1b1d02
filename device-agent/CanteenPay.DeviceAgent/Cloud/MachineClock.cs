using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>
/// The machine's two clocks. <see cref="Steady"/> runs on from the start and never jumps, whatever is done to the system's time: deadlines are kept by it.
/// <see cref="Corrected"/> is the cloud's time as far as it was learnt: order ids and times in messages come from it.
/// </summary>
internal sealed class MachineClock(TimeProvider time)
{
    /// <summary>An answer that took longer says too little about the time (design, Time), unless nothing better is known.</summary>
    public static readonly TimeSpan MaxRoundTrip = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly long startedTicks = time.GetTimestamp();
    private long offsetTicks;
    private TimeSpan? bestSlow;
    private volatile bool isLearnt;

    /// <summary>Time since the start added to the system's time at the start.</summary>
    public DateTimeOffset Steady => startedAt + time.GetElapsedTime(startedTicks);

    /// <summary>The cloud's time, in Asia/Shanghai; the machine's own until the cloud has told its.</summary>
    public DateTimeOffset Corrected => BusinessDay.Local(Steady + Offset);

    /// <summary>What the cloud's clock shows more than <see cref="Steady"/>.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));

    /// <summary>The cloud has told its time.</summary>
    public bool IsLearnt => isLearnt;

    /// <summary>
    /// Learns the cloud's time from an answer, taken for the middle between question and answer. An answer that took too long is believed only as long as none
    /// was quicker (half a round trip of error beats a clock that is a day off); false then, because a quicker one is still wanted. One caller at a time.
    /// </summary>
    public bool Learn(DateTimeOffset cloudNow, DateTimeOffset askedAt, DateTimeOffset answeredAt)
    {
        var roundTrip = answeredAt - askedAt;
        if (roundTrip < TimeSpan.Zero)
            return false;
        var precise = roundTrip < MaxRoundTrip;
        if (!precise && isLearnt && !(roundTrip < bestSlow))
            return false;
        bestSlow = precise ? null : roundTrip;
        Interlocked.Exchange(ref offsetTicks, (cloudNow - (askedAt + roundTrip / 2)).Ticks);
        isLearnt = true;
        return precise;
    }
}
