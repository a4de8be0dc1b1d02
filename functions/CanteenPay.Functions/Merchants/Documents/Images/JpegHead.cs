namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>
/// What the application segments say of how to show the picture: density (JFIF), colours (Adobe), which way up (EXIF). They are written anew with these few
/// values; nothing else of them is copied, no preview, no place, no maker. Of each only the first counts.
/// </summary>
internal sealed class JpegHead
{
    /// <summary>Version, unit, two densities; the size of the preview follows.</summary>
    private const int JfifLength = 7;

    private byte[]? _jfif;
    private byte? _adobeTransform;
    private byte? _orientation;

    /// <summary>Looks at an application segment.</summary>
    public void Look(byte marker, ReadOnlySpan<byte> segment)
    {
        if (marker == JpegMarker.FirstApplication && segment.StartsWith("JFIF\0"u8) && segment.Length >= 14)
            _jfif ??= segment.Slice(5, JfifLength).ToArray();
        else if (marker == JpegMarker.Adobe && segment.StartsWith("Adobe"u8) && segment.Length >= 12)
            _adobeTransform ??= segment[11];
        else if (marker == JpegMarker.Exif && segment.StartsWith("Exif\0\0"u8))
            _orientation ??= ExifOrientation.Read(segment[6..]);
    }

    /// <summary>The segments, made anew.</summary>
    public byte[] Write()
    {
        byte[] jfif = _jfif is null ? [] : [0xFF, JpegMarker.FirstApplication, 0, 16, .. "JFIF\0"u8, .. _jfif, 0, 0];
        byte[] exif = _orientation is not { } orientation || orientation == ExifOrientation.Upright
            ? []
            : [0xFF, JpegMarker.Exif, 0, 8 + ExifOrientation.Length, .. "Exif\0\0"u8, .. ExifOrientation.Write(orientation)];
        byte[] adobe = _adobeTransform is not { } transform ? [] : [0xFF, JpegMarker.Adobe, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform];
        return [.. jfif, .. exif, .. adobe];
    }
}
