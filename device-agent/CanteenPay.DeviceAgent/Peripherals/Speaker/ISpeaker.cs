using CanteenPay.DeviceAgent.Voice;

namespace CanteenPay.DeviceAgent.Peripherals.Speaker;

/// <summary>Something that plays sound, one utterance at a time.</summary>
internal interface ISpeaker
{
    /// <summary>What it is, for the log.</summary>
    string Name { get; }

    /// <summary>The page on the screen plays what this speaker is given.</summary>
    bool IsPage { get; }

    /// <summary>Plays an utterance; completes when it is over.</summary>
    /// <exception cref="SpeakerException">It could not be played.</exception>
    Task PlayAsync(SpokenWords words, CancellationToken cancellationToken);
}

/// <summary>A speaker could not play. The message says why.</summary>
internal sealed class SpeakerException(string message, Exception? cause = null) : Exception(message, cause);
