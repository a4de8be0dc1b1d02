using CanteenPay.DeviceAgent.Voice;

namespace CanteenPay.DeviceAgent.Peripherals.Speaker;

/// <summary>The page plays; here only the time is kept that it needs, so that the next utterance does not come before.</summary>
internal sealed class PageSpeaker(TimeProvider time) : ISpeaker
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public string Name => "page";

    /// <inheritdoc/>
    public bool IsPage => true;

    /// <inheritdoc/>
    public Task PlayAsync(SpokenWords words, CancellationToken cancellationToken) => Task.Delay(words.Duration + Gap, time, cancellationToken);
}
