using System.Buffers;
using System.Buffers.Binary;

namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>
/// Reads a JPEG segment by segment (ITU-T T.81, annex B) and writes what is needed to see it: tables, frame, scans, and of the rest what <see cref="JpegHead"/>
/// makes anew. Everything behind its end is left behind. For one picture.
/// </summary>
internal sealed class JpegStripper
{
    /// <summary>A progressive picture has about ten; each makes a viewer go through all pixels again.</summary>
    private const int MostScans = 100;

    private readonly JpegHead _head = new();
    private readonly ArrayBufferWriter<byte> _kept = new();
    private JpegFrame? _frame;
    private int _scans;

    /// <summary>Whether it begins like a JPEG.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, JpegMarker.Start, 0xFF]);

    /// <summary>The picture without the rest.</summary>
    /// <exception cref="BrokenImageException">It is not built as a JPEG is.</exception>
    public ImageVerdict.Accepted Strip(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[2..];
        while (true)
        {
            var marker = TakeMarker(ref rest);
            if (marker == JpegMarker.End)
                return Finish();
            var segment = TakeSegment(ref rest, marker);
            Look(marker, segment);
            if (marker == JpegMarker.Scan)
                Keep(TakeScanned(ref rest));
        }
    }

    private ImageVerdict.Accepted Finish()
    {
        if (_scans == 0)
            throw new BrokenImageException("is a JPEG without a picture");
        return new(ImageType.Jpeg, _frame!.Width, _frame.Height, [0xFF, JpegMarker.Start, .. _head.Write(), .. _kept.WrittenSpan, 0xFF, JpegMarker.End]);
    }

    private void Look(byte marker, ReadOnlySpan<byte> segment)
    {
        switch (marker)
        {
            case JpegMarker.BaselineFrame or JpegMarker.ExtendedFrame or JpegMarker.ProgressiveFrame:
                if (_frame is not null)
                    throw new BrokenImageException("is a JPEG with two frames");
                _frame = JpegFrame.Read(segment);
                break;
            case JpegMarker.HuffmanTables:
                JpegTables.CheckHuffman(segment);
                break;
            case JpegMarker.QuantisationTables:
                JpegTables.CheckQuantisation(segment);
                break;
            case JpegMarker.RestartInterval:
                if (segment.Length != 2)
                    throw new BrokenImageException("is a JPEG with a restart interval of a wrong length");
                break;
            case JpegMarker.Scan:
                (_frame ?? throw new BrokenImageException("is a JPEG whose scan comes before its frame")).CheckScan(segment);
                if (++_scans > MostScans)
                    throw new BrokenImageException($"is a JPEG with more than {MostScans} scans");
                break;
            case >= JpegMarker.FirstApplication and <= JpegMarker.LastApplication:
                if (_scans == 0)
                    _head.Look(marker, segment);
                return;
            case JpegMarker.Comment:
                return;
            default:
                throw new BrokenImageException(JpegMarker.IsRareFrame(marker)
                    ? "is a JPEG of a rare encoding: save it as an ordinary one"
                    : $"is a JPEG with a part that has no place there (FF{marker:X2})");
        }

        Keep([0xFF, marker, (byte)((segment.Length + 2) >> 8), (byte)(segment.Length + 2)]);
        Keep(segment);
    }

    private void Keep(ReadOnlySpan<byte> bytes) => _kept.Write(bytes);

    private static byte TakeMarker(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
            throw CutShort();
        if (rest[0] != 0xFF)
            throw new BrokenImageException("is a JPEG with a wrong length in it");
        // Any number of FF may fill up before a marker.
        var at = rest.IndexOfAnyExcept((byte)0xFF);
        if (at < 0)
            throw CutShort();
        var marker = rest[at];
        rest = rest[(at + 1)..];
        return marker;
    }

    private static ReadOnlySpan<byte> TakeSegment(ref ReadOnlySpan<byte> rest, byte marker)
    {
        if (marker is 0 or 1 or >= JpegMarker.FirstRestart and <= JpegMarker.Start)
            throw new BrokenImageException($"is a JPEG with a part that has no place there (FF{marker:X2})");
        if (rest.Length < 2)
            throw CutShort();
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length < 2)
            throw new BrokenImageException("is a JPEG with a wrong length in it");
        if (length > rest.Length)
            throw CutShort();
        var segment = rest[2..length];
        rest = rest[length..];
        return segment;
    }

    /// <summary>The coded pixels: up to a marker that is neither a restart nor an FF that stands for itself (FF00).</summary>
    private static ReadOnlySpan<byte> TakeScanned(ref ReadOnlySpan<byte> rest)
    {
        var length = 0;
        while (true)
        {
            var next = rest[length..].IndexOf((byte)0xFF);
            if (next < 0)
                throw CutShort();
            var fill = rest[(length + next)..];
            var filled = fill.IndexOfAnyExcept((byte)0xFF);
            if (filled < 0)
                throw CutShort();
            length += next;
            if (fill[filled] is not (0 or >= JpegMarker.FirstRestart and <= JpegMarker.LastRestart))
                break;
            length += filled + 1;
        }

        if (length == 0)
            throw new BrokenImageException("is a JPEG without a picture");
        var scanned = rest[..length];
        rest = rest[length..];
        return scanned;
    }

    private static BrokenImageException CutShort() => new("is a JPEG that is cut short: it did not arrive whole");
}
