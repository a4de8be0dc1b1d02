using System.Buffers.Binary;
using System.Text;

namespace CanteenPay.EndToEnd;

/// <summary>Joins the committed clips, written independently of the machine's own joining.</summary>
public static class Wav
{
    private const int Header = 44;

    /// <summary>One file: a header for 16 kHz, 16 bit, mono, and the clips' samples one after the other.</summary>
    public static byte[] Join(params IEnumerable<string> clips)
    {
        var samples = clips.SelectMany(clip => Samples(File.ReadAllBytes(Repository.Clip(clip)))).ToArray();
        var file = new byte[Header + samples.Length];
        Encoding.ASCII.GetBytes("RIFF").CopyTo(file, 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        Encoding.ASCII.GetBytes("WAVEfmt ").CopyTo(file, 8);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 16_000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 32_000);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        Encoding.ASCII.GetBytes("data").CopyTo(file, 36);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples.Length);
        samples.CopyTo(file, Header);
        return file;
    }

    private static byte[] Samples(byte[] file)
    {
        for (var at = 12; at + 8 <= file.Length;)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            if (Encoding.ASCII.GetString(file, at, 4) == "data")
                return file[(at + 8)..(at + 8 + size)];
            at += 8 + size + size % 2;
        }

        throw new InvalidDataException("The clip has no samples.");
    }
}
