using System.Net;
using System.Net.Sockets;
using System.Text;
using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Functions.Merchants.Documents.Images;
using static CanteenPay.Functions.Tests.Merchants.Documents.SampleImages;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>Whatever is sent instead of a paper, and however: it is refused in words or made safe, and nothing of it is half-kept.</summary>
[Collection(PaperOfficeCollection.Name)]
public sealed class UploadAbuseTests(PaperOffice office) : IAsyncLifetime
{
    private PaperDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await PaperDesk.OpenAsync(office);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("PK\u0003\u0004\u0014\0\0\0 a ZIP named .jpg", "ZIP")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "SVG")]
    [InlineData("%PDF-1.7\n1 0 obj", "PDF")]
    [InlineData("", "empty")]
    public async Task What_is_no_picture_is_refused_by_its_name(string sent, string words)
    {
        var (status, problem) = await _desk.PutAsync("licence", Encoding.Latin1.GetBytes(sent));

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem!["errors"]!["picture"]![0]!.GetValue<string>().ShouldContain(words);
        await _desk.ShouldHoldNothingAsync();
    }

    [Fact]
    public async Task A_bomb_by_its_header_is_refused()
    {
        var (status, problem) = await _desk.PutAsync("licence", PngOf(50_000, 50_000), "image/png");

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        problem!["errors"]!["picture"]![0]!.GetValue<string>().ShouldContain("megapixels");
        await _desk.ShouldHoldNothingAsync();
    }

    [Fact]
    public async Task A_picture_that_is_an_archive_too_is_kept_as_a_picture_only()
    {
        var (status, _) = await _desk.PutAsync("licence", [.. Jpeg(Segment(0xFE, "PK\u0003\u0004"u8)), .. "PK\u0005\u0006"u8, .. new byte[18]]);

        status.ShouldBe(HttpStatusCode.OK);
        (await _desk.KeptAsync(DocumentKind.Licence)).ShouldBe(Jpeg());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Twenty_megabytes_are_refused_whether_or_not_the_length_is_said(bool isLengthSaid)
    {
        byte[] sent = [.. Jpeg(), .. new byte[20 * 1024 * 1024]];
        using var content = new StreamContent(new MemoryStream(sent));
        content.Headers.ContentType = new("image/jpeg");
        using var request = new HttpRequestMessage(HttpMethod.Put, _desk.Route("licence")) { Content = content };
        request.Headers.TransferEncodingChunked = isLengthSaid ? null : true;
        request.Headers.ExpectContinue = true;

        HttpStatusCode? status;
        try
        {
            using var response = await _desk.Http.SendAsync(request);
            status = response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The server hung up on the rest, as it may.
            status = null;
        }

        status.ShouldBeOneOf(HttpStatusCode.RequestEntityTooLarge, null);
        await _desk.ShouldHoldNothingAsync();
    }

    [Fact]
    public async Task The_largest_picture_is_kept()
    {
        var small = Jpeg();
        byte[] sent = [.. small[..^2], .. new byte[ImageInspector.MostBytes - small.Length], 0xFF, 0xD9];

        (await _desk.PutAsync("licence", sent)).Status.ShouldBe(HttpStatusCode.OK);
        (await _desk.PutAsync("licence", [.. sent, 0])).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        (await _desk.KeptAsync(DocumentKind.Licence)).AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "not as a form")]
    [InlineData("image/svg+xml", "image/svg+xml")]
    [InlineData("application/octet-stream", "image/jpeg or image/png")]
    [InlineData("text/html", "image/jpeg or image/png")]
    [InlineData(null, "image/jpeg or image/png")]
    public async Task Another_content_type_is_refused_in_words(string? type, string words)
    {
        var (status, problem) = await _desk.PutAsync("licence", Jpeg(), type);

        status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        problem!["detail"]!.GetValue<string>().ShouldContain(words);
        await _desk.ShouldHoldNothingAsync();
    }

    [Theory]
    [InlineData("/api/applications/{0}/documents/..%2F..%2Fother")]
    [InlineData("/api/applications/{0}/documents/..")]
    [InlineData("/api/applications/{0}/documents/licence%2F..%2Fid-front")]
    [InlineData("/api/applications/{0}/documents/licence%00.jpg")]
    [InlineData("/api/applications/{0}/documents/LICENCE")]
    [InlineData("/api/applications/{0}/documents/0")]
    [InlineData("/api/applications/{0}/documents/licence.jpg")]
    [InlineData("/api/applications/..%2F{0}/documents/licence")]
    [InlineData("/api/applications/{0}%2F..%2F0THERMER/documents/licence")]
    [InlineData("/api/applications/0THERMER/documents/licence")]
    [InlineData("/api/applications/documents-open/documents/licence")]
    public async Task A_name_that_leads_elsewhere_leads_nowhere(string route)
    {
        using var content = new ByteArrayContent(Jpeg());
        content.Headers.ContentType = new("image/jpeg");
        var address = new Uri($"{_desk.Address.GetLeftPart(UriPartial.Authority)}{string.Format(null, route, _desk.Merchant)}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        using var response = await _desk.Http.PutAsync(address, content);

        // 409: there is no such application.
        response.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.Conflict, HttpStatusCode.BadRequest);
        await _desk.ShouldHoldNothingAsync();
        (await _desk.RowsAsync()).ShouldHaveSingleItem().RowKey.ShouldBe("application");
    }

    [Fact]
    public async Task Of_two_uploads_at_once_one_stays_whole_and_nothing_of_the_other()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => n % 2 == 0
            ? _desk.PutAsync("licence", Jpeg())
            : _desk.PutAsync("licence", Png(), "image/png")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK || answer.Status == HttpStatusCode.Conflict);
        answers.ShouldContain(answer => answer.Status == HttpStatusCode.OK);
        var kept = await _desk.KeptAsync(DocumentKind.Licence);
        (kept.SequenceEqual(Jpeg()) || kept.SequenceEqual(Png())).ShouldBeTrue();
        (await _desk.BlobsAsync()).ShouldHaveSingleItem();
        (await _desk.OpenNotesAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(100_000)]
    public async Task An_upload_that_is_cut_leaves_nothing(int arrived)
    {
        byte[] sent = [.. Jpeg()[..^2], .. new byte[200_000], 0xFF, 0xD9];

        await SendPartAsync(sent, arrived, reset: true);
        await SendPartAsync(sent, arrived, reset: false);

        (await _desk.PutAsync("id-back", Png(), "image/png")).Status.ShouldBe(HttpStatusCode.OK);
        (await _desk.DeleteAsync("id-back")).ShouldBe(HttpStatusCode.NoContent);
        await _desk.ShouldHoldNothingAsync();
    }

    [Fact]
    public async Task An_upload_that_is_cut_leaves_the_paper_that_was_there()
    {
        await _desk.PutAsync("licence", Png(), "image/png");

        await SendPartAsync([.. Jpeg()[..^2], .. new byte[200_000], 0xFF, 0xD9], 100_000, reset: true);

        (await _desk.KeptAsync(DocumentKind.Licence)).ShouldBe(Png());
        (await _desk.BlobsAsync()).ShouldHaveSingleItem();
    }

    /// <summary>Sends so much of the body and hangs up: with a reset, or politely.</summary>
    private async Task SendPartAsync(byte[] body, int arrived, bool reset)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_desk.Address.Host, _desk.Address.Port);
        var head = $"PUT {_desk.Route("licence")} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {_desk.Http.DefaultRequestHeaders.Authorization}\r\n"
            + $"Content-Type: image/jpeg\r\nContent-Length: {body.Length}\r\n\r\n";
        await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body.AsSpan(0, arrived)]);
        if (reset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
            return;
        }

        socket.Shutdown(SocketShutdown.Send);
        await HungUpAsync(socket);
    }

    /// <summary>Until the server has answered or hung up too: what it would have kept it has kept by then.</summary>
    private static async Task HungUpAsync(Socket socket)
    {
        var answer = new byte[4096];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (await socket.ReceiveAsync(answer, deadline.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // It hung up without a word.
        }
    }
}
