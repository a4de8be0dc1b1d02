namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>
/// Tells whether bytes are a JPEG or PNG by their content, whole and not too large, and takes out whatever is not needed to see the picture: where and by which
/// camera it was taken, texts, previews, and what hangs behind its end. Pixels are not decoded: a decoder is what pictures attack.
/// </summary>
internal static class ImageInspector
{
    /// <summary>Bytes of the largest upload.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>Looks at an upload.</summary>
    /// <param name="bytes">All of it.</param>
    public static ImageVerdict Inspect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MostBytes)
            return new ImageVerdict.Refused($"The picture is larger than {MostBytes / 1024 / 1024} MB.");
        try
        {
            if (JpegStripper.IsJpeg(bytes))
                return new JpegStripper().Strip(bytes);
            if (PngStripper.IsPng(bytes))
                return new PngStripper().Strip(bytes);
        }
        catch (BrokenImageException e)
        {
            return new ImageVerdict.Refused($"The picture {e.Message}.");
        }

        return new ImageVerdict.Refused($"A paper is a JPEG or PNG picture; this {ForeignContent.Describe(bytes)}.");
    }
}
