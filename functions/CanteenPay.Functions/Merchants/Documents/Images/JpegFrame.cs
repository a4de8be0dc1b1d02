using System.Buffers.Binary;

namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>What a JPEG says of its pixels (ITU-T T.81, B.2.2).</summary>
internal sealed class JpegFrame
{
    private const int FixedLength = 6;
    private const int BytesOfComponent = 3;

    private readonly byte[] _components;

    private JpegFrame(int width, int height, byte[] components) => (Width, Height, _components) = (width, height, components);

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="BrokenImageException">It is not built as a frame is, or of too many pixels.</exception>
    public static JpegFrame Read(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < FixedLength || segment[5] is not (1 or 3 or 4) || segment.Length != FixedLength + (segment[5] * BytesOfComponent))
            throw new BrokenImageException("is a JPEG whose frame has a wrong length");
        if (segment[0] != 8)
            throw new BrokenImageException($"is a JPEG with {segment[0]} bits a colour: save it with 8");
        var components = new byte[segment[5]];
        for (var n = 0; n < components.Length; n++)
        {
            var component = segment.Slice(FixedLength + (n * BytesOfComponent), BytesOfComponent);
            if (component[1] >> 4 is < 1 or > 4 || (component[1] & 15) is < 1 or > 4 || component[2] > 3)
                throw new BrokenImageException("is a JPEG whose frame makes no sense");
            components[n] = component[0];
        }

        var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
        BrokenImageException.ThrowUnlessVisible(width, height);
        return new(width, height, components);
    }

    /// <summary>Checks a scan's header against the frame (B.2.3).</summary>
    /// <exception cref="BrokenImageException">It does not fit.</exception>
    public void CheckScan(ReadOnlySpan<byte> segment)
    {
        if (segment.IsEmpty || segment[0] < 1 || segment[0] > _components.Length || segment.Length != 4 + (2 * segment[0]))
            throw new BrokenImageException("is a JPEG whose scan has a wrong length");
        for (var n = 0; n < segment[0]; n++)
        {
            if (!_components.Contains(segment[1 + (2 * n)]))
                throw new BrokenImageException("is a JPEG whose scan is of another frame");
        }
    }
}
