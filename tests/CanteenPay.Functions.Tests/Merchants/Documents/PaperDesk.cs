using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Functions.Merchants.Documents.Images;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Sealing;
using CanteenPay.Functions.Tests.Identity;
using CanteenPay.Functions.Tests.Sealing;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>The app behind a real web server, over a real blob service and tables in memory: one for all tests of papers, which take a desk of their own in it.</summary>
public sealed class PaperOffice : IAsyncLifetime
{
    private WebApplication? _app;

    internal Azurite Azurite { get; } = new();

    internal InMemoryTableService Tables { get; } = new();

    internal AgingClock Clock { get; } = new();

    internal IServiceProvider Services => _app!.Services;

    internal HttpClient Http { get; } = new();

    public async Task InitializeAsync()
    {
        await Azurite.StartAsync();
        foreach (var table in World.TableNames)
            await Tables.GetTableClient(table).CreateIfNotExistsAsync();
        _app = FunctionApp.Build(TestApp.Settings("Development"), builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.RemoveAll<TimeProvider>();
            builder.Services.AddSingleton<TableServiceClient>(Tables).AddSingleton<IKeyEncryptionKey>(new KeyInMemory()).AddSingleton<TimeProvider>(Clock)
                .AddSingleton(new BlobServiceClient(Azurite.ConnectionString))
                .Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer => bearer.BackchannelHttpHandler = new TestDirectory());
        });
        await _app.StartAsync();
        Http.BaseAddress = new(_app.Urls.Single());
        Http.DefaultRequestHeaders.Authorization = new("Bearer", TestTokens.Of(TestTokens.Operator, Clock.GetUtcNow(), Role.Operator));
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        await Azurite.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class PaperOfficeCollection : ICollectionFixture<PaperOffice>
{
    public const string Name = "Papers";
}

/// <summary>An application that is a draft, and its papers.</summary>
internal sealed class PaperDesk
{
    private readonly PaperOffice _office;

    private PaperDesk(PaperOffice office) => _office = office;

    /// <summary>Each desk has a merchant of its own.</summary>
    public MerchantId Merchant { get; } = MerchantId.New();

    public InMemoryTableService Tables => _office.Tables;

    public AgingClock Clock => _office.Clock;

    public HttpClient Http => _office.Http;

    public Uri Address => Http.BaseAddress!;

    public MerchantDocuments Documents => _office.Services.GetRequiredService<MerchantDocuments>();

    public DocumentStore Store => _office.Services.GetRequiredService<DocumentStore>();

    public MerchantKeys Keys => _office.Services.GetRequiredService<MerchantKeys>();

    public static async Task<PaperDesk> OpenAsync(PaperOffice office)
    {
        var desk = new PaperDesk(office);
        office.Clock.Passed = TimeSpan.Zero;
        await desk.FileAsync("draft");
        return desk;
    }

    /// <summary>Puts the application into a state, as its owner's part of the app would.</summary>
    public Task FileAsync(string state) => Tables.GetTableClient("Merchants").UpsertEntityAsync(
        new TableEntity(Merchant.Value, "application") { ["DistributorId"] = "D1STR1BT", ["State"] = state }, TableUpdateMode.Replace);

    public string Route(string kind) => $"/api/applications/{Merchant}/documents/{kind}";

    public async Task<(HttpStatusCode Status, JsonNode? Body)> PutAsync(string kind, byte[] picture, string? type = "image/jpeg")
    {
        using var content = new ByteArrayContent(picture);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await Http.PutAsync(new Uri(Route(kind), UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Keeps a licence without anybody asking over HTTP.</summary>
    public Task KeepAsync(byte[] picture) => Store.KeepAsync(
        Merchant, DocumentKind.Licence, ImageInspector.Inspect(picture).ShouldBeOfType<ImageVerdict.Accepted>(), "test", CancellationToken.None);

    public Task<HttpResponseMessage> GetAsync(string kind) => Http.GetAsync(new Uri(Route(kind), UriKind.Relative));

    public async Task<HttpStatusCode> DeleteAsync(string kind)
    {
        using var response = await Http.DeleteAsync(new Uri(Route(kind), UriKind.Relative));
        return response.StatusCode;
    }

    /// <summary>The picture as it was kept.</summary>
    public async Task<byte[]> KeptAsync(DocumentKind kind) =>
        (await Documents.OpenAsync(Merchant, kind, CancellationToken.None)).ShouldNotBeNull().Picture;

    public Task<IReadOnlyDictionary<string, byte[]>> BlobsAsync() => _office.Azurite.BlobsAsync($"{Merchant}/");

    /// <summary>All rows that are the merchant's or tell of it.</summary>
    public async Task<List<TableEntity>> RowsAsync() => await Tables.GetTableClient("Merchants").QueryAsync<TableEntity>()
        .Where(row => row.PartitionKey == Merchant.Value || row.GetString("Merchant") == Merchant.Value).ToListAsync();

    /// <summary>The notes of changes that have not ended.</summary>
    public async Task<int> OpenNotesAsync() => (await RowsAsync()).Count(row => row.PartitionKey == OpenDocumentRow.Partition);

    /// <summary>Neither a paper nor anything of one is there.</summary>
    public async Task ShouldHoldNothingAsync()
    {
        (await Documents.ListAsync(Merchant, CancellationToken.None)).ShouldBeEmpty();
        (await BlobsAsync()).ShouldBeEmpty();
        (await OpenNotesAsync()).ShouldBe(0);
    }

    public Task SweepAsync() =>
        _office.Services.GetServices<ISweeper>().OfType<DocumentSweeper>().Single().SweepAsync(Clock.GetUtcNow(), CancellationToken.None);
}

/// <summary>The real time, which a test can let pass: blobs have the service's.</summary>
internal sealed class AgingClock : TimeProvider
{
    public TimeSpan Passed { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Passed;
}
