using System.Collections.Concurrent;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Voice;

/// <summary>The recorded clips. Each is read when it is first spoken and kept: together they are 1.1 MB.</summary>
internal static class ClipLibrary
{
    private static readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> Read = new(StringComparer.Ordinal);

    /// <summary>An utterance as one WAV.</summary>
    /// <exception cref="FileNotFoundException">There is no recording of one of its clips.</exception>
    public static byte[] Wave(Utterance utterance) => Voice.Wave.Join([.. utterance.Clips.Select(Samples)]);

    private static ReadOnlyMemory<byte> Samples(Clip clip) =>
        Read.GetOrAdd(clip.Id, static id => Voice.Wave.Samples(EmbeddedFile.Read($"clips/{id}.wav")));
}
