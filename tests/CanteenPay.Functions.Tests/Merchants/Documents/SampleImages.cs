using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CanteenPay.Functions.Merchants.Documents.Images;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>Pictures made by hand, part by part, so that a test can put anything wrong with them.</summary>
internal static class SampleImages
{
    /// <summary>A grey baseline JPEG of 16 × 8 pixels, two blocks: valid, and small enough to read.</summary>
    public static byte[] Jpeg(params byte[][] extraSegments) => JpegOf(16, 8, extraSegments);

    public static byte[] JpegOf(int width, int height, params byte[][] extraSegments) =>
    [
        0xFF, 0xD8,
        .. Segment(0xE0, [.. "JFIF\0"u8, 1, 2, 0, 0, 1, 0, 1, 0, 0]),
        .. extraSegments.SelectMany(segment => segment),
        .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)8, 64)]),
        .. Segment(0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
        .. Segment(0xC4, [0x00, 1, .. new byte[15], 0]),
        .. Segment(0xC4, [0x10, 1, .. new byte[15], 0]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
        .. JpegPixels,
        0xFF, 0xD9,
    ];

    /// <summary>The coded pixels of <see cref="Jpeg"/>, with an FF that stands for itself and a restart in them.</summary>
    public static byte[] JpegPixels => [0x0F, 0xFF, 0x00, 0x12, 0xFF, 0xD0, 0x34];

    /// <summary>A PNG of 4 × 3 pixels in colour.</summary>
    public static byte[] Png(params byte[][] extraChunks) => PngOf(4, 3, extraChunks);

    public static byte[] PngOf(uint width, uint height, params byte[][] extraChunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return
        [
            .. PngSignature, .. Chunk("IHDR", header), .. extraChunks.SelectMany(chunk => chunk),
            .. Chunk("IDAT", PngPixels.AsSpan(0, 10)), .. Chunk("IDAT", PngPixels.AsSpan(10)), .. Chunk("IEND", []),
        ];
    }

    public static byte[] PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] PngPixels { get; } = Deflated([.. Enumerable.Range(0, 3 * 13).Select(n => (byte)(n % 13 == 0 ? 0 : n * 5))]);

    public static byte[] Segment(byte marker, ReadOnlySpan<byte> content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    public static byte[] Chunk(string type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Crc32.Of(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    /// <summary>What a phone writes: which way up, who made it, when, and where, to the second of arc.</summary>
    public static byte[] ExifWithPlace(byte orientation = 6)
    {
        byte[] maker = [.. "HUAWEI\0"u8];
        byte[] model = [.. "VOG-AL00 IMEI 860123456789012\0"u8];
        byte[] date = [.. "2026:11:22 12:05:33\0"u8];
        const int entries = 5;
        const int data = 8 + 2 + (entries * 12) + 4;
        var gps = data + maker.Length + model.Length + date.Length;
        byte[] tiff =
        [
            .. "II*\0"u8, .. Little(8, 4), .. Little(entries, 2),
            .. Entry(0x010F, 2, maker.Length, data), .. Entry(0x0110, 2, model.Length, data + maker.Length), .. Entry(0x0112, 3, 1, orientation),
            .. Entry(0x0132, 2, date.Length, data + maker.Length + model.Length), .. Entry(0x8825, 4, 1, gps), .. Little(0, 4),
            .. maker, .. model, .. date,
            .. Little(4, 2),
            .. Entry(1, 2, 2, 'N'), .. Entry(2, 5, 3, gps + 54), .. Entry(3, 2, 2, 'E'), .. Entry(4, 5, 3, gps + 78), .. Little(0, 4),
            .. Little(26, 4), .. Little(1, 4), .. Little(4, 4), .. Little(1, 4), .. Little(2711, 4), .. Little(100, 4),
            .. Little(119, 4), .. Little(1, 4), .. Little(17, 4), .. Little(1, 4), .. Little(4633, 4), .. Little(100, 4),
        ];
        return Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]);
    }

    private static byte[] Deflated(byte[] raw)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(raw);
        return packed.ToArray();
    }

    private static byte[] Entry(int tag, int type, int count, int value) => [.. Little(tag, 2), .. Little(type, 2), .. Little(count, 4), .. Little(value, 4)];

    private static byte[] Little(int value, int length) => [.. Enumerable.Range(0, length).Select(n => (byte)(value >> (8 * n)))];
}
