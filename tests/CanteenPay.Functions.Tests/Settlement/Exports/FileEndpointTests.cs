using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Tests.Identity;
using CanteenPay.Functions.Tests.Merchants.Documents;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Goal: everybody has their own files and nobody else's. Method: the whole pipeline over a real blob service.</summary>
public sealed class FileEndpointTests : IAsyncLifetime
{
    private const string Files = "/api/settlements/2026-11-21/files";

    private readonly Azurite _azurite = new();
    private readonly ExportDesk _desk = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private World World => _desk.World;

    public async Task InitializeAsync()
    {
        await _azurite.StartAsync();
        await _desk.SettleAsync(World.Merchant, SampleDay.Postings(30));
        await _desk.SettleAsync(World.OtherMerchant, SampleDay.Postings(30, seed: 2, World.OtherMerchant));
        _app = await TestApp.StartAsync(World, new()
        {
            Settings =
            [
                "--Blobs", _azurite.ConnectionString, "--Finance:WebhookUrl", "https://finance.example.com/hook", "--Finance:WebhookSecret", "0123456789abcdef0123456789abcdef",
                "--RateLimits:AnonymousPerSecond", "1", "--RateLimits:AnonymousBurst", "20",
            ],
        });
        _http = _app.GetTestClient();
        await _app.Services.GetRequiredService<IDayExport>().RunAsync(SampleDay.Day, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _desk.Dispose();
        await _azurite.DisposeAsync();
    }

    [Fact]
    [ProvesNoLeak("GET /api/settlements/{day}/files")]
    [ProvesNoLeak("GET /api/settlements/{day}/files/{name}")]
    public async Task Everybody_is_shown_and_given_their_own_files_and_no_others()
    {
        var everything = await ListAsync(Role.Finance, Scope.None);
        everything.Edition.ShouldBe(1);
        everything.Files.Count.ShouldBe(9);
        (await ListAsync(Role.Operator, Scope.None, $"?merchantId={World.Merchant}")).Files.Count.ShouldBe(12);
        var ofMerchant = await ListAsync(Role.Merchant, new(new HashSet<DistributorId> { SampleDay.Distributor }, new HashSet<MerchantId> { World.Merchant }));
        ofMerchant.Files.Select(file => file.Name).ShouldBe(["DEVMERCH-20261121-r1.csv", "DEVMERCH-20261121-r1.xlsx", "DEVMERCH-20261121-r1.html"]);
        ofMerchant.Edition.ShouldBeNull();
        var ofDistributor = await ListAsync(
            Role.Distributor, new(new HashSet<DistributorId> { SampleDay.Distributor }, new HashSet<MerchantId> { World.Merchant }), $"?merchantId={World.Merchant}");
        ofDistributor.Files.Select(file => file.Name).ShouldBe(["shares-DSTR1BTR-20261121-r1.csv", "shares-DSTR1BTR-20261121-r1.xlsx"]);
        (await ListAsync(Role.Distributor, new(new HashSet<DistributorId> { SampleDay.OtherDistributor }, new HashSet<MerchantId>()))).Files.ShouldBeEmpty();

        var all = (string[])[.. everything.Files.Select(file => file.Name), .. ofMerchant.Files.Select(file => file.Name), "0THERMCH-20261121-r1.csv"];
        foreach (var (role, scope, own) in (IEnumerable<(Role, Scope, FilesView)>)[
            (Role.Merchant, new(new HashSet<DistributorId>(), new HashSet<MerchantId> { World.Merchant }), ofMerchant),
            (Role.Distributor, new(new HashSet<DistributorId> { SampleDay.Distributor }, new HashSet<MerchantId>()), ofDistributor)])
        {
            var token = await TokenAsync(role, scope);
            foreach (var name in all)
            {
                using var answer = await GetAsync($"{Files}/{name}", token);
                answer.StatusCode.ShouldBe(own.Files.Any(file => file.Name == name) ? HttpStatusCode.OK : HttpStatusCode.NotFound, $"{name} for {role}");
            }
        }
    }

    [Fact]
    public async Task A_file_comes_whole_with_its_sum_and_is_not_sent_to_whom_has_it()
    {
        var token = await TokenAsync(Role.Finance, Scope.None);
        foreach (var file in (await ListAsync(Role.Finance, Scope.None)).Files)
        {
            using var answer = await GetAsync($"{Files}/{file.Name}", token);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))).ShouldBe(((int)file.Bytes, file.Sha256), file.Name);
            answer.Headers.ETag.ShouldBe(new EntityTagHeaderValue($"\"{file.Sha256}\""));
            answer.Content.Headers.ContentDisposition!.ToString().ShouldContain($"attachment; filename={file.Name}");
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Files}/{file.Name}");
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            using var again = await _http.SendAsync(request);
            again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        }
    }

    [Fact]
    public async Task A_file_that_lies_there_is_never_written_again_by_another()
    {
        var files = _app.Services.GetRequiredService<IExportFiles>();
        var name = new ExportName(ExportKind.Settlement, SampleDay.Day, 77, FileFormat.Csv);
        await using var first = await DraftFile.WriteAsync(output => output.WriteAsync("first"u8.ToArray()).AsTask(), CancellationToken.None);
        await using var second = await DraftFile.WriteAsync(output => output.WriteAsync("second"u8.ToArray()).AsTask(), CancellationToken.None);

        var put = await files.PutAsync(name, first, CancellationToken.None);

        (await files.PutAsync(name, second, CancellationToken.None)).ShouldBe(put);
        (await files.PutAsync(name, first, CancellationToken.None)).ShouldBe(put);
        var open = (await files.OpenAsync(name, CancellationToken.None)).ShouldNotBeNull();
        using var reader = new StreamReader(open.Content);
        (await reader.ReadToEndAsync(), open.File).ShouldBe(("first", put));
        using var answer = await GetAsync($"{Files}/{name}", await TokenAsync(Role.Finance, Scope.None));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, "its edition is not all there");
    }

    [Fact]
    public async Task A_file_of_many_blocks_comes_back_as_it_was()
    {
        var files = _app.Services.GetRequiredService<IExportFiles>();
        var bytes = new byte[9_000_000];
        new Random(1).NextBytes(bytes);
        await using var draft = await DraftFile.WriteAsync(output => output.WriteAsync(bytes).AsTask(), CancellationToken.None);
        var name = new ExportName(ExportKind.Settlement, SampleDay.Day, 78, FileFormat.Csv);

        var put = await files.PutAsync(name, draft, CancellationToken.None);

        var open = (await files.OpenAsync(name, CancellationToken.None)).ShouldNotBeNull();
        using var read = new MemoryStream();
        await open.Content.CopyToAsync(read);
        read.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        (put.Bytes, open.File).ShouldBe((bytes.Length, put));
    }

    [Fact]
    public async Task A_signed_link_is_good_without_signing_in_for_its_file_and_nothing_else()
    {
        var links = _app.Services.GetRequiredService<SignedLinks>();
        var name = new ExportName(ExportKind.Settlement, SampleDay.Day, 1, FileFormat.Csv);
        var good = links.To(name, World.Clock.GetUtcNow().AddDays(7)).PathAndQuery;

        using var answer = await GetAsync(good, token: null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        Opened.Csv(await answer.Content.ReadAsByteArrayAsync()).Count.ShouldBe(3);
        foreach (var bad in (string[])[
            good.Replace("settlement-20261121-r1.csv", "settlement-20261121-r1.xlsx", StringComparison.Ordinal), good.Replace("2026-11-21", "2026-11-20", StringComparison.Ordinal),
            good.Replace("signature=", "signature=A", StringComparison.Ordinal), good[..good.IndexOf('?', StringComparison.Ordinal)],
            good.Replace("/settlement-", "/..%2f2026-11-21%2fsettlement-", StringComparison.Ordinal), good.Replace("/settlement-", "/%2e%2e%5csettlement-", StringComparison.Ordinal)])
        {
            using var refused = await GetAsync(bad, token: null);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, bad);
        }

        using var missing = await GetAsync(links.To(name with { Revision = 9 }, World.Clock.GetUtcNow().AddDays(7)).PathAndQuery, token: null);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var answers = new List<HttpStatusCode>();
        for (var asked = 0; asked < 30; asked++)
        {
            using var flooded = await GetAsync("/portal/downloads/2026-11-21/nonsense", token: null);
            answers.Add(flooded.StatusCode);
        }

        answers.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    private async Task<FilesView> ListAsync(Role role, Scope scope, string query = "")
    {
        using var answer = await GetAsync(Files + query, await TokenAsync(role, scope));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), ExportsJson.Default.FilesView).ShouldNotBeNull();
    }

    private async Task<string> TokenAsync(Role role, Scope scope)
    {
        var person = Guid.NewGuid().ToString();
        await World.Tables.GetTableClient("Members").AddEntityAsync(new Member(person, "somebody", scope, IsActive: true, 1));
        return TestTokens.Of(person, World.Clock.GetUtcNow(), role);
    }

    private async Task<HttpResponseMessage> GetAsync(string address, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is null)
            request.Headers.Add(TestApp.NobodyHeader, "1");
        else
            request.Headers.Authorization = new("Bearer", token);
        return await _http.SendAsync(request);
    }
}
