using System.Text;

namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>Names what is sent instead of a picture, because "wrong format" helps nobody whose phone saves in another one.</summary>
internal static class ForeignContent
{
    private const int Looked = 256;

    /// <summary>For "this …", by the first bytes.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "is empty";
        if (bytes.StartsWith("PK\u0003\u0004"u8) || bytes.StartsWith("PK\u0005\u0006"u8))
            return "is a ZIP archive or an Office document";
        if (bytes.StartsWith("%PDF-"u8))
            return "is a PDF: save its page as a picture";
        if (bytes.StartsWith("GIF8"u8))
            return "is a GIF";
        if (bytes.StartsWith("BM"u8))
            return "is a BMP";
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8))
            return "is a TIFF";
        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8))
            return "is a WebP";
        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8))
            return "is a HEIC picture or a film: set the phone's camera to JPEG (\"most compatible\")";
        return DescribeText(bytes[..Math.Min(bytes.Length, Looked)]);
    }

    private static string DescribeText(ReadOnlySpan<byte> start)
    {
        var text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (!text.StartsWith('<'))
            return "is something else";
        return text.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "is an SVG drawing" : "is a page or XML";
    }
}
