using System.Buffers.Binary;

namespace CanteenPay.DeviceAgent.Voice;

/// <summary>Sound in the one format of this machine: PCM, 16,000 Hz, 16 bit little-endian, mono, in a WAV with a 44-byte header (README of this folder).</summary>
internal static class Wave
{
    /// <summary>Bytes before the samples.</summary>
    public const int HeaderLength = 44;

    /// <summary>Bytes of samples in a second.</summary>
    public const int BytesPerSecond = SampleRate * BlockAlign;

    private const int SampleRate = 16_000;
    private const short BlockAlign = 2;
    private const short BitsPerSample = 16;
    private const short Pcm = 1;
    private const short Mono = 1;

    /// <summary>The samples of a clip.</summary>
    /// <exception cref="InvalidDataException">Not a WAV in this format with this header.</exception>
    public static ReadOnlyMemory<byte> Samples(ReadOnlyMemory<byte> wave)
    {
        Span<byte> expected = stackalloc byte[HeaderLength];
        if (wave.Length >= HeaderLength)
            WriteHeader(expected, wave.Length - HeaderLength);
        return wave.Length >= HeaderLength && expected.SequenceEqual(wave.Span[..HeaderLength])
            ? wave[HeaderLength..]
            : throw new InvalidDataException("A clip must be a WAV with a 44-byte header: PCM, 16,000 Hz, 16 bit, mono. Voice/make-clips.sh makes such.");
    }

    /// <summary>One WAV whose samples are those of the parts in order, and nothing else.</summary>
    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> samples)
    {
        var joined = new byte[HeaderLength + samples.Sum(part => part.Length)];
        WriteHeader(joined, joined.Length - HeaderLength);
        var at = HeaderLength;
        foreach (var part in samples)
        {
            part.Span.CopyTo(joined.AsSpan(at));
            at += part.Length;
        }

        return joined;
    }

    /// <summary>How long a WAV plays.</summary>
    public static TimeSpan Duration(byte[] wave) => TimeSpan.FromSeconds((double)(wave.Length - HeaderLength) / BytesPerSecond);

    private static void WriteHeader(Span<byte> header, int samplesLength)
    {
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], HeaderLength - 8 + samplesLength);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], Pcm);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], Mono);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], BytesPerSecond);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], BlockAlign);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], BitsPerSample);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], samplesLength);
    }
}
