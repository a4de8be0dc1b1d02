using System.Text;
using CanteenPay.Functions.Merchants.Documents.Images;
using FsCheck;
using FsCheck.Fluent;
using static CanteenPay.Functions.Tests.Merchants.Documents.SampleImages;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>Whatever is sent: an answer and no crash; what is kept stays as it is when it is sent again; no pixel changes.</summary>
public sealed class ImageProperties
{
    /// <summary>Pictures with anything in them that a picture may have.</summary>
    private static readonly Arbitrary<byte[]> Pictures = Arb.From(
        from isJpeg in ArbMap.Default.GeneratorFor<bool>()
        from parts in Gen.ListOf(isJpeg ? JpegPart : PngPart)
        from behind in ArbMap.Default.GeneratorFor<byte[]>()
        select (byte[])[.. isJpeg ? Jpeg([.. parts]) : Png([.. parts]), .. behind]);

    private static Gen<byte[]> JpegPart =>
        from marker in Gen.Elements<byte>(0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE)
        from name in Gen.Elements("JFIF\0", "JFXX\0", "Exif\0\0II*\0\b\0\0\0", "Adobe", "ICC_PROFILE\0", "")
        from content in ArbMap.Default.GeneratorFor<byte[]>()
        select Segment(marker, [.. Encoding.ASCII.GetBytes(name), .. content]);

    private static Gen<byte[]> PngPart =>
        from type in Gen.Elements("tEXt", "iTXt", "eXIf", "tIME", "iCCP", "pHYs", "prVt")
        from content in ArbMap.Default.GeneratorFor<byte[]>()
        select Chunk(type, content);

    [Fact]
    public void Arbitrary_bytes_are_answered() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Answers(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Arbitrary_bytes_that_begin_like_a_picture_are_answered() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), bytes => Answers([0xFF, 0xD8, 0xFF, .. bytes]) && Answers([.. PngSignature, .. bytes])).QuickCheckThrowOnFailure();

    [Fact]
    public void Pictures_with_a_few_bytes_changed_are_answered()
    {
        var changed = from picture in Pictures.Generator
                      from changes in Gen.ListOf(from at in Gen.Choose(0, int.MaxValue) from value in Gen.Choose(0, 255) select (at, value))
                      select Changed(picture, changes);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(changed), bytes => Answers(bytes)));
    }

    [Fact]
    public void What_is_kept_is_kept_again_as_it_is() => Prop.ForAll(Pictures, sent =>
    {
        var once = Accept(sent);
        return Accept(once.Bytes).Bytes.SequenceEqual(once.Bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_pixel_changes() => Prop.ForAll(Pictures, sent =>
    {
        var kept = Accept(sent);
        return kept.Type == ImageType.Jpeg
            ? kept.Bytes.AsSpan()[^(JpegPixels.Length + 2)..^2].SequenceEqual(JpegPixels) && kept.Bytes.AsSpan().EndsWith(Jpeg().AsSpan(20))
            : kept.Bytes.SequenceEqual(Png());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("PK\u0003\u0004 renamed to .jpg", "ZIP")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("<?xml version=\"1.0\"?>\n<svg onload=\"alert(1)\">", "SVG")]
    [InlineData(" <SVG>", "SVG")]
    [InlineData("<!DOCTYPE html><script>", "page or XML")]
    [InlineData("GIF89a", "GIF")]
    [InlineData("RIFF0000WEBPVP8 ", "WebP")]
    [InlineData("0000ftypheic", "HEIC")]
    [InlineData("BM", "BMP")]
    [InlineData("II*\0", "TIFF")]
    [InlineData("", "empty")]
    [InlineData("MZ", "something else")]
    public void What_is_no_picture_is_called_by_its_name(string sent, string words) =>
        ImageInspector.Inspect(Encoding.Latin1.GetBytes(sent)).ShouldBeOfType<ImageVerdict.Refused>().Why.ShouldContain(words);

    [Fact]
    public void More_than_eight_megabytes_are_refused() =>
        ImageInspector.Inspect([.. Jpeg(), .. new byte[ImageInspector.MostBytes]]).ShouldBeOfType<ImageVerdict.Refused>().Why.ShouldContain("8 MB");

    private static bool Answers(byte[]? bytes) => ImageInspector.Inspect(bytes) is ImageVerdict.Accepted { Bytes.Length: > 0 } or ImageVerdict.Refused { Why.Length: > 0 };

    private static ImageVerdict.Accepted Accept(byte[] sent) => ImageInspector.Inspect(sent).ShouldBeOfType<ImageVerdict.Accepted>();

    private static byte[] Changed(byte[] picture, IEnumerable<(int At, int Value)> changes)
    {
        var changed = (byte[])picture.Clone();
        foreach (var (at, value) in changes)
            changed[at % changed.Length] = (byte)value;
        return changed;
    }
}
