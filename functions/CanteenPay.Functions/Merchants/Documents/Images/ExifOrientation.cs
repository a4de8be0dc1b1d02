using System.Buffers.Binary;

namespace CanteenPay.Functions.Merchants.Documents.Images;

/// <summary>
/// The one thing of EXIF that is needed to see a phone's picture: which way up it is (TIFF tag 0x0112). Without it every paper photographed upright would lie on
/// its side.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>As stored.</summary>
    public const byte Upright = 1;

    /// <summary>Bytes of what <see cref="Write"/> makes.</summary>
    public const int Length = 26;

    private const byte Last = 8;
    private const ushort Tag = 0x0112;
    private const ushort ShortType = 3;
    private const int BytesOfEntry = 12;

    /// <summary>The orientation that a TIFF header with its first directory says, 1 to 8; null when it says none or nonsense.</summary>
    public static byte? Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return null;
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8))
            return null;
        var offset = Number(tiff, 4, 4, little);
        if (offset < 8 || offset > (uint)tiff.Length - 2)
            return null;
        var entries = tiff[((int)offset + 2)..];
        for (var left = Number(tiff, (int)offset, 2, little); left > 0 && entries.Length >= BytesOfEntry; left--)
        {
            if (Number(entries, 0, 2, little) == Tag)
            {
                var value = Number(entries, 8, 2, little);
                return Number(entries, 2, 2, little) == ShortType && value is >= Upright and <= Last ? (byte)value : null;
            }

            entries = entries[BytesOfEntry..];
        }

        return null;
    }

    /// <summary>A TIFF header with one directory of one entry.</summary>
    public static byte[] Write(byte orientation) =>
    [
        .. "MM\0*"u8, 0, 0, 0, 8,
        0, 1,
        Tag >> 8, Tag & 0xFF, 0, (byte)ShortType, 0, 0, 0, 1, 0, orientation, 0, 0,
        0, 0, 0, 0,
    ];

    private static uint Number(ReadOnlySpan<byte> bytes, int at, int length, bool little) => (length, little) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]),
        (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]),
        _ => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]),
    };
}
