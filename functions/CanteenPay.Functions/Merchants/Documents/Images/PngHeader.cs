using System.Buffers.Binary;

namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>What a PNG says of its pixels (ISO/IEC 15948, 11.2.2).</summary>
internal sealed class PngHeader
{
    private const int Grey = 0;
    private const int Colour = 2;
    private const int Indexed = 3;
    private const int GreyAlpha = 4;
    private const int ColourAlpha = 6;
    private const int BytesOfPaletteEntry = 3;

    private readonly int _depth;
    private readonly int _type;

    private PngHeader(int width, int height, int depth, int type) => (Width, Height, _depth, _type) = (width, height, depth, type);

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Whether pixels are numbers of a palette.</summary>
    public bool NeedsPalette => _type == Indexed;

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="BrokenImageException">It is not built as a header is, or of too many pixels.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> content)
    {
        if (content.Length != 13)
            throw new BrokenImageException("is a PNG whose header has a wrong length");
        var (depth, type) = (content[8], content[9]);
        var isKnown = type switch
        {
            Grey => depth is 1 or 2 or 4 or 8 or 16,
            Indexed => depth is 1 or 2 or 4 or 8,
            Colour or GreyAlpha or ColourAlpha => depth is 8 or 16,
            _ => false,
        };
        if (!isKnown || content[10] != 0 || content[11] != 0 || content[12] > 1)
            throw new BrokenImageException("is a PNG whose header makes no sense");
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]));
        BrokenImageException.ThrowUnlessVisible(width, height);
        return new((int)width, (int)height, depth, type);
    }

    /// <summary>Whether a palette of so many bytes has a place here.</summary>
    public bool AllowsPalette(int length) =>
        _type is Colour or Indexed or ColourAlpha && length > 0 && length % BytesOfPaletteEntry == 0
        && length / BytesOfPaletteEntry <= (_type == Indexed ? 1 << _depth : 256);

    /// <summary>Whether a transparency of so many bytes has a place here.</summary>
    public bool AllowsTransparency(int length) => _type switch
    {
        Grey => length == 2,
        Colour => length == 6,
        Indexed => length >= 1 && length <= 1 << _depth,
        _ => false,
    };
}
