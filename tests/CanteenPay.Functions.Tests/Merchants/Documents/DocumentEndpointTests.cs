using System.Net;
using System.Text;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants.Documents;
using static CanteenPay.Functions.Tests.Merchants.Documents.SampleImages;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>Papers come in, lie sealed, and are looked at.</summary>
[Collection(PaperOfficeCollection.Name)]
public sealed class DocumentEndpointTests(PaperOffice office) : IAsyncLifetime
{
    private PaperDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await PaperDesk.OpenAsync(office);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_paper_is_kept_without_what_is_not_needed_to_see_it_and_given_back_as_a_picture()
    {
        var (status, kept) = await _desk.PutAsync("id-front", Jpeg(ExifWithPlace()));

        status.ShouldBe(HttpStatusCode.OK);
        (kept!["kind"]!.GetValue<string>(), kept["contentType"]!.GetValue<string>(), kept["width"]!.GetValue<int>()).ShouldBe(("id-front", "image/jpeg", 16));
        using var shown = await _desk.GetAsync("id-front");
        shown.StatusCode.ShouldBe(HttpStatusCode.OK);
        shown.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        shown.Content.Headers.ContentDisposition!.ToString().ShouldBe("inline; filename=\"id-front.jpg\"");
        shown.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        shown.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var picture = await shown.Content.ReadAsByteArrayAsync();
        picture.AsSpan().IndexOf("HUAWEI"u8).ShouldBe(-1);
        picture.Length.ShouldBe(kept["bytes"]!.GetValue<int>());
        (await _desk.OpenNotesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_lies_in_storage_shows_nothing_of_the_picture()
    {
        await _desk.PutAsync("licence", Png(), "image/png");

        var (name, stored) = (await _desk.BlobsAsync()).ShouldHaveSingleItem();

        name.ShouldMatch($"^{_desk.Merchant}/[0-9A-Z]{{16}}$");
        foreach (var part in (byte[][])[PngSignature, [.. "IHDR"u8], PngPixels[..8]])
            stored.AsSpan().IndexOf(part).ShouldBe(-1);
    }

    [Fact]
    public async Task The_content_decides_what_it_is_whatever_it_is_called()
    {
        var (_, kept) = await _desk.PutAsync("licence", Png(), "image/jpeg");

        kept!["contentType"]!.GetValue<string>().ShouldBe("image/png");
        using var shown = await _desk.GetAsync("licence");
        shown.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task A_new_paper_takes_the_old_ones_place()
    {
        await _desk.PutAsync("bank-card", Jpeg());
        await _desk.PutAsync("bank-card", Png(), "image/png");

        (await _desk.KeptAsync(DocumentKind.BankCard)).ShouldBe(Png());
        (await _desk.BlobsAsync()).ShouldHaveSingleItem();
        (await _desk.OpenNotesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_paper_is_taken_away()
    {
        await _desk.PutAsync("licence", Jpeg());

        (await _desk.DeleteAsync("licence")).ShouldBe(HttpStatusCode.NoContent);

        (await _desk.DeleteAsync("licence")).ShouldBe(HttpStatusCode.NotFound);
        using var shown = await _desk.GetAsync("licence");
        shown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await _desk.ShouldHoldNothingAsync();
    }

    [Theory]
    [InlineData("submitted")]
    [InlineData("withBank")]
    [InlineData("approved")]
    [InlineData("active")]
    [InlineData("refused")]
    public async Task Papers_of_an_application_that_was_handed_in_stay_as_they_are(string state)
    {
        await _desk.PutAsync("licence", Jpeg());
        await _desk.FileAsync(state);

        (await _desk.PutAsync("licence", Png(), "image/png")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await _desk.DeleteAsync("licence")).ShouldBe(HttpStatusCode.Conflict);

        (await _desk.KeptAsync(DocumentKind.Licence)).ShouldBe(Jpeg());
    }

    [Fact]
    public async Task A_paper_is_listed_with_when_and_by_whom()
    {
        await _desk.PutAsync("bank-card", Jpeg());
        await _desk.PutAsync("licence", Jpeg());

        var listed = await _desk.Documents.ListAsync(_desk.Merchant, CancellationToken.None);

        listed.Select(paper => paper.Kind).ShouldBe([DocumentKind.Licence, DocumentKind.BankCard]);
        listed.ShouldAllBe(paper => paper.By.Length == Guid.Empty.ToString().Length && paper.At > DateTimeOffset.UnixEpoch && paper.Sha256.Length == 64);
    }

    [Fact]
    public async Task A_forgotten_merchant_leaves_nothing_and_a_copy_of_a_blob_cannot_be_read()
    {
        foreach (var kind in DocumentKindName.All)
            await _desk.PutAsync(kind.UrlName(), Jpeg());

        await _desk.Documents.ForgetAsync(_desk.Merchant, CancellationToken.None);
        await _desk.Keys.ForgetAsync(_desk.Merchant, CancellationToken.None);
        await _desk.Documents.ForgetAsync(_desk.Merchant, CancellationToken.None);

        await _desk.ShouldHoldNothingAsync();
        (await _desk.RowsAsync()).ShouldNotContain(row => row.RowKey == "key" || row.RowKey.StartsWith(DocumentRow.KeyPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_that_was_changed_or_swapped_in_storage_is_not_shown()
    {
        await _desk.PutAsync("id-front", Jpeg());
        await _desk.PutAsync("id-back", Png(), "image/png");
        var merchants = _desk.Tables.GetTableClient("Merchants");
        var (front, back) = ((await RowAsync("id-front")).GetString("BlobName"), (await RowAsync("id-back")).GetString("BlobName"));
        var swapped = await RowAsync("id-front");
        swapped["BlobName"] = back;
        await merchants.UpdateEntityAsync(swapped, global::Azure.ETag.All, TableUpdateMode.Replace);

        using var shown = await _desk.GetAsync("id-front");

        shown.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await shown.Content.ReadAsStringAsync()).ShouldNotContain(front!);
        async Task<TableEntity> RowAsync(string kind) => await merchants.GetEntityAsync<TableEntity>(_desk.Merchant.Value, $"document-{kind}");
    }

    [Fact]
    public async Task Nothing_of_a_paper_stands_in_the_tables()
    {
        await _desk.PutAsync("id-front", Jpeg(ExifWithPlace()));

        var text = new StringBuilder();
        foreach (var row in await _desk.RowsAsync())
            text.AppendJoin(' ', row.Select(column => $"{column.Key}={column.Value}"));
        foreach (var word in (string[])["HUAWEI", "JFIF", "860123456789012"])
            text.ToString().ShouldNotContain(word);
    }
}
