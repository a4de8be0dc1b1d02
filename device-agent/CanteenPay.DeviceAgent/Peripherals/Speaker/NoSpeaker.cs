using CanteenPay.DeviceAgent.Voice;

namespace CanteenPay.DeviceAgent.Peripherals.Speaker;

/// <summary>A machine that is meant to be silent. What it would have said stays readable.</summary>
internal sealed class NoSpeaker : ISpeaker
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public bool IsPage => false;

    /// <inheritdoc/>
    public Task PlayAsync(SpokenWords words, CancellationToken cancellationToken) => Task.CompletedTask;
}
