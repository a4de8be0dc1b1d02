using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CanteenPay.LocalCloud.Walk;

namespace CanteenPay.LocalCloud.Tests.Walk;

public sealed class Papers
{
    [Theory]
    [InlineData("licence")]
    [InlineData("id-front")]
    [InlineData("id-back")]
    [InlineData("bank-card")]
    public void A_paper_is_a_PNG_whose_pixels_are_all_there(string kind)
    {
        var png = Paper.Draw(kind);

        png[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(png, 8).Type.ShouldBe("IHDR");
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        var pixels = Chunk(png, 33);
        pixels.Type.ShouldBe("IDAT");
        using var raw = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(pixels.Content), CompressionMode.Decompress))
        {
            zlib.CopyTo(raw);
        }

        raw.Length.ShouldBe(height * (1 + width * 3));
        // The end's checksum is known to everybody.
        png[^12..].ShouldBe([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]);
    }

    private static (string Type, byte[] Content) Chunk(byte[] png, int at)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
        return (Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]);
    }
}
