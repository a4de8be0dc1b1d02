using System.Text;
using CanteenPay.Functions.Merchants.Documents.Images;
using static CanteenPay.Functions.Tests.Merchants.Documents.SampleImages;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>JPEGs: what is kept, what is taken out, what is refused.</summary>
public sealed class JpegTests
{
    [Fact]
    public void A_plain_picture_is_kept_byte_for_byte()
    {
        var accepted = Accept(Jpeg());

        (accepted.Type, accepted.Width, accepted.Height).ShouldBe((ImageType.Jpeg, 16, 8));
        accepted.Bytes.ShouldBe(Jpeg());
    }

    [Fact]
    public void Nothing_remains_of_where_when_and_by_what_it_was_taken()
    {
        var exif = ExifWithPlace();
        var sent = Jpeg(exif, Segment(0xFE, "客户 13812345678"u8), Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>26.45</x:xmpmeta>"u8), Segment(0xED, "Photoshop 3.0\0"u8));

        var kept = Accept(sent).Bytes;

        // Not one run of eight bytes of it, the "Exif" and the TIFF header that we write ourselves apart.
        var own = ExifOrientation.Write(6);
        for (var at = 10; at + 8 <= exif.Length; at++)
        {
            var run = exif.AsSpan(at, 8);
            if (own.AsSpan().IndexOf(run) < 0 && run.ContainsAnyExcept((byte)0))
                kept.AsSpan().IndexOf(run).ShouldBe(-1, $"bytes {at} to {at + 8} of the EXIF");
        }

        foreach (var word in (string[])["HUAWEI", "VOG", "IMEI", "2026:11", "13812345678", "客户", "xmp", "26.45", "Photoshop", "adobe.com"])
            kept.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)).ShouldBe(-1, word);
        kept.Length.ShouldBe(Jpeg().Length + 4 + 6 + ExifOrientation.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    public void Which_way_up_it_is_stays_known(byte orientation)
    {
        var kept = Accept(Jpeg(ExifWithPlace(orientation))).Bytes;

        var at = kept.AsSpan().IndexOf("Exif\0\0"u8);
        if (orientation == ExifOrientation.Upright)
            at.ShouldBe(-1);
        else
            ExifOrientation.Read(kept.AsSpan(at + 6)).ShouldBe(orientation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    public void An_orientation_that_there_is_not_is_left_out(byte orientation) =>
        Accept(Jpeg(ExifWithPlace(orientation))).Bytes.ShouldBe(Jpeg());

    [Fact]
    public void A_preview_is_left_out_and_the_colours_stay()
    {
        var preview = Segment(0xE0, [.. "JFXX\0"u8, 0x13, 2, 2, .. new byte[12]]);
        var adobe = Segment(0xEE, [.. "Adobe"u8, 0, 100, 0x80, 0, 0, 0, 1, .. "hidden"u8]);

        var kept = Accept(Jpeg(preview, adobe, adobe)).Bytes;

        kept.ShouldBe(Jpeg(Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1])));
    }

    [Fact]
    public void What_hangs_behind_its_end_is_cut_off() =>
        Accept([.. Jpeg(), .. "PK\u0003\u0004 a ZIP that is a picture too"u8]).Bytes.ShouldBe(Jpeg());

    [Fact]
    public void Bytes_that_fill_up_before_a_marker_are_left_out()
    {
        var sent = Jpeg();
        var end = sent.Length - 2;

        Accept([.. sent[..end], 0xFF, 0xFF, .. sent[end..]]).Bytes.ShouldBe(sent);
    }

    [Fact]
    public void Wherever_it_is_cut_short_it_is_refused()
    {
        var whole = Jpeg(ExifWithPlace());

        for (var length = 0; length < whole.Length; length++)
            Refuse(whole[..length]);
        Refuse(whole[..^1]).ShouldContain("did not arrive whole");
    }

    [Theory]
    [InlineData(65_500, 65_500, "50 megapixels")]
    [InlineData(10_000, 5_001, "50 megapixels")]
    [InlineData(0, 8, "0 × 8")]
    [InlineData(16, 0, "16 × 0")]
    public void A_picture_of_too_many_pixels_or_none_is_refused(int width, int height, string words) => Refuse(JpegOf(width, height)).ShouldContain(words);

    [Fact]
    public void Fifty_megapixels_are_taken() => Accept(JpegOf(10_000, 5_000)).Width.ShouldBe(10_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    public void A_segment_that_lies_about_its_length_is_refused(int length)
    {
        for (var segment = 0; segment < 6; segment++)
        {
            var sent = Jpeg();
            var at = 2;
            for (var skipped = 0; skipped < segment; skipped++)
                at += 2 + (sent[at + 2] << 8) + sent[at + 3];
            (sent[at + 2], sent[at + 3]) = ((byte)(length >> 8), (byte)length);
            Refuse(sent);
        }
    }

    [Fact]
    public void A_length_that_leads_into_the_next_segments_is_refused()
    {
        for (var longer = 1; longer < 60; longer++)
        {
            var sent = Jpeg();
            sent[5] += (byte)longer;
            Refuse(sent);
        }
    }

    [Theory]
    [InlineData(0xC3)]
    [InlineData(0xC5)]
    [InlineData(0xC9)]
    [InlineData(0xCF)]
    public void A_rare_encoding_is_refused_in_words(byte frame) => Refuse(With(0xC0, frame)).ShouldContain("rare encoding");

    [Theory]
    [InlineData(0x01)]
    [InlineData(0xC8)]
    [InlineData(0xCC)]
    [InlineData(0xD0)]
    [InlineData(0xD8)]
    [InlineData(0xDC)]
    [InlineData(0xF0)]
    public void A_part_that_has_no_place_is_refused(byte marker) => Refuse(With(0xDB, marker)).ShouldContain($"FF{marker:X2}");

    [Fact]
    public void More_scans_than_a_viewer_should_go_through_are_refused()
    {
        byte[] scan = [.. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 0x0F];
        var sent = Jpeg();

        Accept([.. sent[..^2], .. Enumerable.Repeat(scan, 99).SelectMany(bytes => bytes), 0xFF, 0xD9]);
        Refuse([.. sent[..^2], .. Enumerable.Repeat(scan, 100).SelectMany(bytes => bytes), 0xFF, 0xD9]).ShouldContain("100 scans");
    }

    [Fact]
    public void Tables_that_carry_something_else_are_refused()
    {
        Refuse(Jpeg(Segment(0xDB, [0, .. new byte[64], .. "secret"u8]))).ShouldContain("tables");
        Refuse(Jpeg(Segment(0xC4, [0x00, 1, .. new byte[15], 0, .. "a secret of some length"u8]))).ShouldContain("tables");
        Refuse(Jpeg(Segment(0xDD, "secret"u8))).ShouldContain("restart");
    }

    [Fact]
    public void A_scan_of_another_frame_or_before_it_is_refused()
    {
        Refuse(Jpeg(Segment(0xDA, [1, 1, 0, 0, 63, 0]))).ShouldContain("before its frame");
        Refuse(Jpeg(Segment(0xC0, [8, 0, 8, 0, 16, 1, 1, 0x11, 0]))).ShouldContain("two frames");
        Refuse(With(0xDA, 0xDA, component: 7)).ShouldContain("another frame");
        Refuse([.. Jpeg()[..^(JpegPixels.Length + 2)], 0xFF, 0xD9]).ShouldContain("without a picture");
    }

    private static byte[] With(byte marker, byte instead, byte? component = null)
    {
        var sent = Jpeg();
        var at = sent.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);
        sent[at + 1] = instead;
        sent[at + 5] = component ?? sent[at + 5];
        return sent;
    }

    private static ImageVerdict.Accepted Accept(byte[] sent) => ImageInspector.Inspect(sent).ShouldBeOfType<ImageVerdict.Accepted>();

    private static string Refuse(byte[] sent) => ImageInspector.Inspect(sent).ShouldBeOfType<ImageVerdict.Refused>().Why;
}
