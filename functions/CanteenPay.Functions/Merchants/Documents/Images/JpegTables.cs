namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>Checks that tables fill their segments exactly (ITU-T T.81, B.2.4): a segment that is longer carries something else.</summary>
internal static class JpegTables
{
    private const int HuffmanLengths = 16;
    private const int QuantisationValues = 64;

    /// <summary>Huffman tables.</summary>
    /// <exception cref="BrokenImageException">They do not.</exception>
    public static void CheckHuffman(ReadOnlySpan<byte> segment)
    {
        do
        {
            if (segment.Length < 1 + HuffmanLengths || (segment[0] >> 4) > 1 || (segment[0] & 15) > 3)
                throw Broken();
            var codes = 0;
            foreach (var count in segment.Slice(1, HuffmanLengths))
                codes += count;
            var length = 1 + HuffmanLengths + codes;
            if (codes > 256 || length > segment.Length)
                throw Broken();
            segment = segment[length..];
        }
        while (!segment.IsEmpty);
    }

    /// <summary>Quantisation tables.</summary>
    /// <exception cref="BrokenImageException">They do not.</exception>
    public static void CheckQuantisation(ReadOnlySpan<byte> segment)
    {
        do
        {
            if (segment.IsEmpty || (segment[0] >> 4) > 1 || (segment[0] & 15) > 3)
                throw Broken();
            var length = 1 + (QuantisationValues * ((segment[0] >> 4) + 1));
            if (length > segment.Length)
                throw Broken();
            segment = segment[length..];
        }
        while (!segment.IsEmpty);
    }

    private static BrokenImageException Broken() => new("is a JPEG whose tables have a wrong length");
}
