using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CanteenPay.LocalCloud.Walk;

/// <summary>
/// Papers for a demonstration, drawn when they are needed: a PNG that shows the shape of a licence, an identity card or a bank card, and nothing that anybody could
/// mistake for a real one.
/// </summary>
internal static class Paper
{
    private const int Width = 640;
    private const int Height = 404;

    private static readonly Dictionary<string, (uint Paper, uint Ink)> Colours = new(StringComparer.Ordinal)
    {
        ["licence"] = (0xFDF6E3, 0xB3261E),
        ["id-front"] = (0xE8F1FA, 0x35506B),
        ["id-back"] = (0xE3F0EA, 0xA33A2C),
        ["bank-card"] = (0x1F4E8C, 0xE9D8A6),
    };

    /// <exception cref="LocalCloudException">There is no such paper.</exception>
    internal static byte[] Draw(string kind)
    {
        if (!Colours.TryGetValue(kind, out var colours))
        {
            throw new LocalCloudException($"There is no picture \"{kind}\". There are {string.Join(", ", Colours.Keys.Order())}.");
        }

        var canvas = new Canvas(Width, Height, colours.Paper);
        canvas.Fill(8, 8, Width - 16, 3, colours.Ink);
        canvas.Fill(8, Height - 11, Width - 16, 3, colours.Ink);
        canvas.Fill(40, 40, 240, 26, colours.Ink);
        // Lines where words would be, each of its own length.
        for (var line = 0; line < 6; line++)
        {
            canvas.Fill(40, 110 + line * 40, 300 - line * 37 % 110, 12, colours.Ink);
        }

        canvas.Fill(430, 110, 160, 200, colours.Ink);
        return canvas.Png();
    }

    /// <summary>Colours as 0xRRGGBB, written as PNG.</summary>
    private sealed class Canvas
    {
        private const int BytesPerPixel = 3;
        private readonly int _width;
        private readonly int _height;
        private readonly byte[] _pixels;

        internal Canvas(int width, int height, uint colour)
        {
            (_width, _height, _pixels) = (width, height, new byte[width * height * BytesPerPixel]);
            Fill(0, 0, width, height, colour);
        }

        internal void Fill(int x, int y, int width, int height, uint colour)
        {
            for (var row = y; row < y + height; row++)
            {
                for (var column = x; column < x + width; column++)
                {
                    var at = (row * _width + column) * BytesPerPixel;
                    (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
                }
            }
        }

        internal byte[] Png()
        {
            using var png = new MemoryStream();
            png.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
            var header = new byte[13];
            BinaryPrimitives.WriteInt32BigEndian(header, _width);
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), _height);
            // 8 bits a channel, red green blue.
            (header[8], header[9]) = (8, 2);
            Chunk(png, "IHDR", header);
            Chunk(png, "IDAT", Compressed());
            Chunk(png, "IEND", []);
            return png.ToArray();
        }

        private byte[] Compressed()
        {
            using var compressed = new MemoryStream();
            using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest))
            {
                for (var row = 0; row < _height; row++)
                {
                    // No filter.
                    zlib.WriteByte(0);
                    zlib.Write(_pixels, row * _width * BytesPerPixel, _width * BytesPerPixel);
                }
            }

            return compressed.ToArray();
        }

        private static void Chunk(MemoryStream png, string type, byte[] content)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
            png.Write(number);
            byte[] checkedPart = [.. Encoding.ASCII.GetBytes(type), .. content];
            png.Write(checkedPart);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(checkedPart));
            png.Write(number);
        }

        /// <summary>CRC-32 of ISO 3309, bit by bit: the pictures are few.</summary>
        private static uint Crc(byte[] bytes)
        {
            var crc = uint.MaxValue;
            foreach (var value in bytes)
            {
                crc ^= value;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
                }
            }

            return ~crc;
        }
    }
}
