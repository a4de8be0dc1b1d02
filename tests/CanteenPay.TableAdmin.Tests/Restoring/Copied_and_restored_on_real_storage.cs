using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure.Storage.Blobs;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Operations;
using CanteenPay.TableAdmin.Restoring;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace CanteenPay.TableAdmin.Tests.Restoring;

/// <summary>
/// The whole way over a real table and blob service, as the app and the command take it. With COPIED_ROWS in the environment so many rows, and how fast it went: a floor for Azure,
/// since Azurite looks through all rows for each page.
/// </summary>
public sealed class Copied_and_restored_on_real_storage(Azurite azurite, ITestOutputHelper output) : IClassFixture<Azurite>
{
    private const string Label = "2026-11-23";

    private static readonly int Rows = int.Parse(Environment.GetEnvironmentVariable("COPIED_ROWS") ?? "900", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Rows_that_were_lost_or_spoiled_come_back_and_another_account_gets_all()
    {
        TableServiceClient one = new(azurite.Account("one")), two = new(azurite.Account("two"));
        var orders = one.GetTableClient("Orders");
        await FillAsync(orders);
        var before = await LinesAsync(orders);

        var watch = Stopwatch.StartNew();
        var blobs = await CopyAsync(one);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"copied {Rows} rows in {watch.Elapsed.TotalSeconds:F2} s, {Rows / watch.Elapsed.TotalSeconds:N0} rows/s, {(double)before.Sum(line => line.Length) / Rows:N0} bytes of text a row, {(double)blobs / Rows:N0} packed"));

        foreach (var row in (await orders.QueryAsync<TableEntity>().ToListAsync()).Index().Where(row => row.Index % 7 == 0))
            await orders.DeleteEntityAsync(row.Item.PartitionKey, row.Item.RowKey);
        var spoiled = await orders.QueryAsync<TableEntity>().FirstAsync();
        await orders.UpsertEntityAsync(new TableEntity(spoiled.PartitionKey, spoiled.RowKey) { ["AmountFen"] = 1L }, TableUpdateMode.Merge);

        await RestoreAsync("one", "--replace", "--yes");
        (await LinesAsync(orders)).ShouldBe(before);

        watch.Restart();
        await RestoreAsync("two", "--write");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"restored {Rows} rows into an empty account in {watch.Elapsed.TotalSeconds:F2} s, {Rows / watch.Elapsed.TotalSeconds:N0} rows/s"));
        (await LinesAsync(two.GetTableClient("Orders"))).ShouldBe(before);
    }

    /// <summary>As the app does, with the production's parts but for one.</summary>
    private async Task<long> CopyAsync(TableServiceClient one)
    {
        foreach (var table in CopiedTables.All)
            await one.GetTableClient(table).CreateIfNotExistsAsync();
        var accounts = new TableAccounts(new Dictionary<string, TableServiceClient> { [TableAccounts.Main] = one });
        var files = new CopyBlobs(new BlobServiceClient(azurite.Account("one")));
        var (bus, catalog) = (new InMemoryServiceBus(), new CopyCatalog(files));
        var queue = new CopyQueue(bus, TimeProvider.System);
        var function = new CopyTables(
            accounts, new PartReading(CopyLimits.Usual with { Rows = Rows > 5000 ? CopyLimits.Usual.Rows : 50 }, TimeProvider.System), files, catalog, queue, TimeProvider.System, NullLogger<CopyTables>.Instance);
        await new CopyStart(accounts, catalog, queue, NullLogger<CopyStart>.Instance).BeginAsync(Label, DateTimeOffset.UtcNow, CancellationToken.None);
        while (bus.TakeDue(CopyQueue.Queue) is { } message)
            await function.RunAsync(JsonSerializer.Deserialize(message.Body, FunctionsJson.Default.CopyMessage)!, CancellationToken.None);

        var copy = (await catalog.FindAsync(Label, CancellationToken.None)).ShouldNotBeNull();
        (copy.IsComplete, copy.Rows).ShouldBe((true, Rows));
        var bytes = 0L;
        await foreach (var blob in new BlobServiceClient(azurite.Account("one")).GetBlobContainerClient("table-copies").GetBlobsAsync(prefix: $"{Label}/main/Orders/"))
            bytes += blob.Properties.ContentLength ?? 0;
        return bytes;
    }

    private async Task RestoreAsync(string to, params string[] more)
    {
        string Variable(string name) => azurite.Account(name.ToLowerInvariant());
        var options = RestoreOptions.Parse([Label, "Orders", "--from", "ONE", "--to", to, .. more], Variable);
        (await RestoreCommand.RunAsync(
            options, new CopyBlobs(new BlobServiceClient(options.From)), new TableServiceClient(options.To), Spectre.Console.AnsiConsole.Console, ask: null, CancellationToken.None)).ShouldBe(0);
    }

    /// <summary>Rows as an order's are: some twenty columns, of ids, sums, times and words.</summary>
    private static async Task FillAsync(TableClient table)
    {
        await table.CreateIfNotExistsAsync();
        var random = new Random(7);
        for (var partition = 0; partition * 90 < Rows; partition++)
        {
            var merchant = Id(random, 8);
            await table.SubmitTransactionAsync(Enumerable.Range(0, Math.Min(90, Rows - (partition * 90))).Select(_ =>
            {
                var order = $"261122{merchant}{Id(random, 18)}";
                var row = new TableEntity($"{merchant}-20261122", order)
                {
                    ["State"] = "Paid",
                    ["AmountFen"] = random.NextInt64(100, 5000),
                    ["Device"] = Id(random, 8),
                    ["Channel"] = "swiftpass",
                    ["Wallet"] = random.Next(2) == 0 ? "WeChat" : "Alipay",
                    ["ChannelTransactionNo"] = $"{random.NextInt64(long.MaxValue)}",
                    ["Qr"] = $"https://pay.example.com/q/{Id(random, 32)}",
                    ["Name"] = "一号窗口",
                    ["OpenKey"] = $"202611221205-{order}",
                    ["SettlementDate"] = "20261122",
                    ["Step"] = random.Next(9),
                    ["IsSpoken"] = true,
                    ["Hash"] = BinaryData.FromBytes(Guid.NewGuid().ToByteArray()),
                };
                foreach (var time in (string[])["RequestedAt", "CreatedAt", "QrAt", "PaidAt", "ToldAt", "ShownAt"])
                    row[time] = new DateTimeOffset(2026, 11, 22, 4, random.Next(60), random.Next(60), random.Next(1000), TimeSpan.Zero);
                return new TableTransactionAction(TableTransactionActionType.Add, row);
            }));
        }
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(TableClient table) => await table.QueryAsync<TableEntity>().Select(Functions.Tests.Copies.CopyRig.Line).ToListAsync();

    private static string Id(Random random, int length) => string.Concat(random.GetItems<char>("0123456789ABCDEFGHJKMNPQRSTVWXYZ", length));
}
