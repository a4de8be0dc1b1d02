using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>
/// Reads a PNG chunk by chunk (ISO/IEC 15948) and writes the critical ones and the few others that change how pixels look. Texts, EXIF, times, profiles,
/// animations and everything behind its end are left behind. For one picture.
/// </summary>
internal sealed class PngStripper
{
    private const int LengthAndType = 8;
    private const int Checksum = 4;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private PngHeader? _header;
    private bool _pixelsEnded;
    private long _pixelBytes;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether it begins like a PNG.</summary>
    public static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    /// <summary>The picture without the rest.</summary>
    /// <exception cref="BrokenImageException">It is not built as a PNG is.</exception>
    public ImageVerdict.Accepted Strip(ReadOnlySpan<byte> bytes)
    {
        _kept.Write(Signature);
        var rest = bytes[Signature.Length..];
        while (true)
        {
            var (type, length) = TakeHead(rest);
            var chunk = rest[..(LengthAndType + length + Checksum)];
            var content = chunk.Slice(LengthAndType, length);
            if (Crc32.Of(chunk.Slice(4, 4 + length)) != BinaryPrimitives.ReadUInt32BigEndian(chunk[^Checksum..]))
                throw new BrokenImageException($"is a PNG whose part {type} was damaged");
            if (IsKept(type, content))
                _kept.Write(chunk);
            if (type == "IEND")
                return new(ImageType.Png, _header!.Width, _header.Height, _kept.WrittenSpan.ToArray());
            rest = rest[chunk.Length..];
        }
    }

    private static (string Type, int Length) TakeHead(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < LengthAndType + Checksum)
            throw CutShort();
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        foreach (var letter in rest.Slice(4, 4))
        {
            if (!char.IsAsciiLetter((char)letter))
                throw new BrokenImageException("is a PNG with a wrong length in it");
        }

        if (length > (uint)(rest.Length - LengthAndType - Checksum))
            throw CutShort();
        return (Encoding.ASCII.GetString(rest.Slice(4, 4)), (int)length);
    }

    private bool IsKept(string type, ReadOnlySpan<byte> content)
    {
        if (_header is null != (type == "IHDR"))
            throw new BrokenImageException("is a PNG whose header is not its first part, or stands twice");
        _pixelsEnded |= _pixelBytes > 0 && type != "IDAT";
        switch (type)
        {
            case "IHDR":
                _header = PngHeader.Read(content);
                return true;
            case "PLTE":
                return CheckOnce(type, _header!.AllowsPalette(content.Length));
            case "IDAT":
                if (_pixelsEnded || _header!.NeedsPalette && !_seen.Contains("PLTE"))
                    throw new BrokenImageException("is a PNG whose parts stand in a wrong order");
                _pixelBytes += content.Length;
                return true;
            case "IEND":
                if (_pixelBytes == 0 || content.Length > 0)
                    throw new BrokenImageException("is a PNG without a picture");
                return true;
            case "tRNS":
                return CheckOnce(type, _header!.AllowsTransparency(content.Length));
            case "gAMA":
                return CheckOnce(type, content.Length == 4);
            case "cHRM":
                return CheckOnce(type, content.Length == 32);
            case "sRGB":
                return CheckOnce(type, content.Length == 1);
            default:
                // A capital letter first: without it the picture cannot be seen.
                return char.IsAsciiLetterUpper(type[0]) ? throw new BrokenImageException($"is a PNG with a part that has no place there ({type})") : false;
        }
    }

    private bool CheckOnce(string type, bool isSound) => isSound && _pixelBytes == 0 && _seen.Add(type)
        ? true
        : throw new BrokenImageException($"is a PNG whose part {type} is of a wrong length, at a wrong place, or stands twice");

    private static BrokenImageException CutShort() => new("is a PNG that is cut short: it did not arrive whole");
}
