using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Functions.Merchants.Documents.Images;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Sealing;
using CanteenPay.Functions.Tests.Sealing;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>The app behind a real web server, a real blob service, tables in memory, and an application that is a draft.</summary>
internal sealed class PaperDesk : IAsyncDisposable
{
    private readonly Azurite _azurite;
    private readonly WebApplication _app;

    private PaperDesk(Azurite azurite, WebApplication app, InMemoryTableService tables, AgingClock clock, KeyInMemory vault) =>
        (_azurite, _app, Tables, Clock, Vault, Http) = (azurite, app, tables, clock, vault, new HttpClient { BaseAddress = new(app.Urls.Single()) });

    /// <summary>Each desk has a merchant of its own, because all share one blob service.</summary>
    public MerchantId Merchant { get; } = MerchantId.New();

    public InMemoryTableService Tables { get; }

    public AgingClock Clock { get; }

    public KeyInMemory Vault { get; }

    public HttpClient Http { get; }

    public Uri Address => Http.BaseAddress!;

    public MerchantDocuments Documents => _app.Services.GetRequiredService<MerchantDocuments>();

    public DocumentStore Store => _app.Services.GetRequiredService<DocumentStore>();

    public MerchantKeys Keys => _app.Services.GetRequiredService<MerchantKeys>();

    public static async Task<PaperDesk> StartAsync(Azurite azurite)
    {
        var tables = new InMemoryTableService();
        var vault = new KeyInMemory();
        var clock = new AgingClock();
        var app = FunctionApp.Build(TestApp.Settings("Development"), builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.RemoveAll<TimeProvider>();
            builder.Services.AddSingleton<TableServiceClient>(tables).AddSingleton<IKeyEncryptionKey>(vault).AddSingleton<TimeProvider>(clock)
                .AddSingleton(new BlobServiceClient(azurite.ConnectionString));
        });
        await app.StartAsync();
        var desk = new PaperDesk(azurite, app, tables, clock, vault);
        foreach (var table in World.TableNames)
            await tables.GetTableClient(table).CreateIfNotExistsAsync();
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

    public Task<IReadOnlyDictionary<string, byte[]>> BlobsAsync() => _azurite.BlobsAsync($"{Merchant}/");

    public async Task<List<TableEntity>> RowsAsync() => await Tables.GetTableClient("Merchants").QueryAsync<TableEntity>().ToListAsync();

    /// <summary>The notes of changes that have not ended.</summary>
    public async Task<int> OpenAsync() => (await RowsAsync()).Count(row => row.PartitionKey == OpenDocumentRow.Partition);

    /// <summary>Neither a paper nor anything of one is there.</summary>
    public async Task ShouldHoldNothingAsync()
    {
        (await Documents.ListAsync(Merchant, CancellationToken.None)).ShouldBeEmpty();
        (await BlobsAsync()).ShouldBeEmpty();
        (await OpenAsync()).ShouldBe(0);
    }

    public Task SweepAsync() =>
        _app.Services.GetServices<ISweeper>().OfType<DocumentSweeper>().Single().SweepAsync(Clock.GetUtcNow(), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>The real time, which a test can let pass: blobs have the service's.</summary>
internal sealed class AgingClock : TimeProvider
{
    public TimeSpan Passed { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Passed;
}
