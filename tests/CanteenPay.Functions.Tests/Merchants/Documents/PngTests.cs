using System.Text;
using CanteenPay.Functions.Merchants.Documents.Images;
using static CanteenPay.Functions.Tests.Merchants.Documents.SampleImages;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>PNGs: what is kept, what is taken out, what is refused.</summary>
public sealed class PngTests
{
    [Fact]
    public void A_plain_picture_is_kept_byte_for_byte()
    {
        var accepted = Accept(Png());

        (accepted.Type, accepted.Width, accepted.Height).ShouldBe((ImageType.Png, 4, 3));
        accepted.Bytes.ShouldBe(Png());
    }

    [Fact]
    public void Whatever_changes_no_pixel_is_taken_out()
    {
        byte[][] personal =
        [
            Chunk("tEXt", "Author\0HUAWEI"u8), Chunk("zTXt", "Comment\0\0x"u8), Chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x/>"u8), Chunk("tIME", [7, 234, 11, 22, 12, 5, 33]),
            Chunk("eXIf", "MM\0*VOG-AL00"u8), Chunk("iCCP", "icc\0\0x"u8), Chunk("pHYs", new byte[9]), Chunk("acTL", new byte[8]), Chunk("prVt", "hidden"u8),
        ];
        byte[][] visible = [Chunk("gAMA", [0, 0, 0xB1, 0x8F]), Chunk("sRGB", [0]), Chunk("cHRM", new byte[32]), Chunk("tRNS", new byte[6])];

        var kept = Accept(Png([.. personal, .. visible])).Bytes;

        kept.ShouldBe(Png(visible));
        foreach (var word in (string[])["HUAWEI", "VOG", "xmp", "hidden", "Author"])
            kept.AsSpan().IndexOf(Encoding.ASCII.GetBytes(word)).ShouldBe(-1, word);
    }

    [Fact]
    public void What_hangs_behind_its_end_is_cut_off() => Accept([.. Png(), .. Png(), .. "PK\u0003\u0004"u8]).Bytes.ShouldBe(Png());

    [Fact]
    public void Wherever_it_is_cut_short_it_is_refused()
    {
        var whole = Png(Chunk("tEXt", "Author\0x"u8));

        for (var length = 0; length < whole.Length; length++)
            Refuse(whole[..length]);
        Refuse(whole[..^1]).ShouldContain("did not arrive whole");
    }

    [Theory]
    [InlineData(50_000, 50_000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(uint.MaxValue, 1)]
    [InlineData(10_000, 5_001)]
    public void A_bomb_by_its_header_is_refused(uint width, uint height) => Refuse(PngOf(width, height)).ShouldContain("50 megapixels");

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 0)]
    public void A_picture_without_pixels_is_refused(uint width, uint height) => Refuse(PngOf(width, height)).ShouldContain("pixels");

    [Fact]
    public void One_changed_bit_of_a_part_is_found_by_its_checksum()
    {
        var sent = Png();
        var pixels = sent.AsSpan().IndexOf("IDAT"u8) + 4;
        sent[pixels] ^= 1;

        Refuse(sent).ShouldContain("IDAT was damaged");
    }

    [Theory]
    [InlineData(0x7FFFFFFF)]
    [InlineData(0x80000000)]
    [InlineData(0xFFFFFFFF)]
    [InlineData(26)]
    public void A_part_that_lies_about_its_length_is_refused(uint length)
    {
        var sent = Png();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(sent.AsSpan(8), length);

        Refuse(sent);
    }

    [Fact]
    public void Parts_in_a_wrong_order_twice_or_unknown_are_refused()
    {
        var header = Png()[8..33];
        Refuse(Png(header)).ShouldContain("header");
        Refuse([.. PngSignature, .. Chunk("gAMA", new byte[4]), .. Png()[8..]]).ShouldContain("header");
        Refuse(Png(Chunk("gAMA", new byte[4]), Chunk("gAMA", new byte[4]))).ShouldContain("gAMA");
        Refuse(Png(Chunk("gAMA", "a secret"u8))).ShouldContain("gAMA");
        Refuse(Png(Chunk("PLTE", new byte[4]))).ShouldContain("PLTE");
        Refuse(Png(Chunk("EVIL", []))).ShouldContain("EVIL");
        Refuse(Png(Chunk("IDAT", [1]), Chunk("tEXt", []))).ShouldContain("order");
        Refuse([.. Png()[..33], .. Chunk("IEND", [])]).ShouldContain("without a picture");
        Refuse([.. Png()[..^12], .. Chunk("IEND", "secret"u8)]).ShouldContain("without a picture");
    }

    [Theory]
    [InlineData(3, 8, "order")]
    [InlineData(1, 8, "no sense")]
    [InlineData(2, 4, "no sense")]
    [InlineData(7, 8, "no sense")]
    public void Colours_that_there_are_not_are_refused(byte type, byte depth, string words)
    {
        byte[] header = [0, 0, 0, 4, 0, 0, 0, 3, depth, type, 0, 0, 0];

        Refuse([.. PngSignature, .. Chunk("IHDR", header), .. Png()[33..]]).ShouldContain(words);
    }

    private static ImageVerdict.Accepted Accept(byte[] sent) => ImageInspector.Inspect(sent).ShouldBeOfType<ImageVerdict.Accepted>();

    private static string Refuse(byte[] sent) => ImageInspector.Inspect(sent).ShouldBeOfType<ImageVerdict.Refused>().Why;
}
