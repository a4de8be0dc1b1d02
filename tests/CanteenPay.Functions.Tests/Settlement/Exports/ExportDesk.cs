using System.Net;
using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>A world with settled merchants, files in memory, and a system of finance's that answers what a test says.</summary>
internal sealed class ExportDesk : IDisposable
{
    private readonly HttpClient _http;

    public ExportDesk()
    {
        Files = new(World);
        var writer = new FileWriter(Files);
        var (editions, queue) = (Editions, World.Get<SettlementQueue>());
        _http = new HttpClient(new Finance(this));
        Links = new(Settings, World.Get<PaymentSettings>(), World.Clock);
        Deliveries = new(
            new DeliveryStore(World.Tables), editions, new Webhook(_http, Settings, new LastingWaits(World.Clock)), Links, queue, World.Get<ParkedStore>(), Settings, World.Clock,
            NullLogger<Deliveries>.Instance);
        Export = new(
            World.Get<ClosedDays>(), World.Get<ContentReader>(), World.Get<EditionReader>(), editions,
            new MerchantExport(editions, writer, World.Get<PostingStore>(), World.Get<FinalMarkers>(), World.Get<DayIndex>(), queue, NullLogger<MerchantExport>.Instance),
            new DayFiles(writer, World.Get<DistributorStore>()), queue, Deliveries, World.Clock, World.Get<ILogger<DayExport>>());
        Sweeper = new(
            World.Get<DayIndex>(), World.Get<ClosedDays>(), World.Get<ContentReader>(), editions, Deliveries, queue, World.Get<ILogger<ExportSweeper>>());
    }

    public static FinanceSettings Settings { get; } = new(new("https://finance.example.com/hook"), "0123456789abcdef0123456789abcdef"u8.ToArray(), TimeSpan.FromHours(6));

    public World World { get; } = new();

    public MemoryFiles Files { get; }

    public EditionStore Editions => new(World.Tables);

    public DayExport Export { get; }

    public ExportSweeper Sweeper { get; }

    public Deliveries Deliveries { get; }

    public SignedLinks Links { get; }

    /// <summary>What finance's system answers, given how often it was asked before.</summary>
    public Func<int, HttpStatusCode> Answer { get; set; } = _ => HttpStatusCode.OK;

    /// <summary>What finance's system was told, in order.</summary>
    public List<(string Event, string Body)> Told { get; } = [];

    /// <summary>Business is posted and settled: the next revision of the merchant's day.</summary>
    public async Task SettleAsync(MerchantId merchant, IReadOnlyList<Posting> postings)
    {
        var (index, store) = (World.Get<DayIndex>(), World.Get<StatementStore>());
        await index.NoteAsync(SampleDay.Day, merchant, CancellationToken.None);
        await PostAsync(merchant, postings);
        var before = await store.FindAsync(merchant, SampleDay.Day, CancellationToken.None);
        var all = await World.Get<PostingStore>().ReadAsync(merchant, SampleDay.Day, CancellationToken.None).ToListAsync();
        var next = StatementRow.After(before, StatementRules.Of(merchant, SampleDay.Day, all, SampleDay.Terms, Fen.Zero), World.Clock.GetUtcNow());
        (await store.TryAddAsync(next, before, CancellationToken.None)).ShouldBeTrue();
        await IndexAsync(merchant, row => row with { IsDue = false, Revision = next.Revision });
    }

    public async Task PostAsync(MerchantId merchant, IReadOnlyList<Posting> postings)
    {
        foreach (var posting in postings)
            await World.Get<PostingStore>().InsertAsync(new(merchant, SampleDay.Day, posting), CancellationToken.None);
    }

    /// <summary>How far days are closed.</summary>
    public Task CloseAsync(DateOnly? through, DateOnly? final) =>
        World.Tables.GetTableClient(ClosedDays.Table).UpsertEntityAsync(new ClosedThrough(through, final, default), TableUpdateMode.Replace);

    /// <summary>Two looks of the guardian of files, as far apart as they are.</summary>
    public async Task SweepTwiceAsync()
    {
        for (var look = 0; look < 2; look++)
        {
            await Sweeper.SweepAsync(World.Clock.GetUtcNow(), CancellationToken.None);
            World.Clock.MoveTo(World.Clock.GetUtcNow() + ExportSweeper.Pace);
        }
    }

    /// <summary>What is sent to the queue and not taken yet.</summary>
    public IReadOnlyList<SettlementTask> Sent() =>
        [.. World.ServiceBus.Waiting(SettlementQueue.Queue).Select(message => JsonSerializer.Deserialize(message.Body, FunctionsJson.Default.SettlementMessage)!.Type)];

    public async Task IndexAsync(MerchantId merchant, Func<DayIndexRow, DayIndexRow> change)
    {
        var index = World.Get<DayIndex>();
        var row = (await index.FindAsync(SampleDay.Day, merchant, CancellationToken.None)).ShouldNotBeNull();
        (await index.TryUpdateAsync(row, change(row), CancellationToken.None)).ShouldNotBeNull();
    }

    public Task RunAsync() => AliveAsync(() => Export.RunAsync(SampleDay.Day, CancellationToken.None));

    /// <summary>Lets time go by; messages that are due are taken, and each minute the sweep looks.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = World.Clock.GetUtcNow() + time;
        var sweeper = new DeliverySweeper(new DeliveryStore(World.Tables), Deliveries, Settings);
        while (true)
        {
            while (World.ServiceBus.TakeDue(SettlementQueue.Queue) is { } taken)
            {
                var message = JsonSerializer.Deserialize(taken.Body, FunctionsJson.Default.SettlementMessage)!;
                if (message.Type == SettlementTask.Deliver)
                    await AliveAsync(() => Deliveries.RunAsync(message.Day, message.Edition, message.Try, CancellationToken.None));
                else if (message.Type == SettlementTask.Export)
                    await RunAsync();
            }

            await AliveAsync(() => sweeper.SweepAsync(World.Clock.GetUtcNow(), CancellationToken.None));
            if (World.Clock.GetUtcNow() >= until)
                return;
            World.Clock.MoveTo(World.Clock.GetUtcNow().AddMinutes(1));
        }
    }

    public Task<DeliveryRow?> DeliveryAsync(int edition = 1) => new DeliveryStore(World.Tables).FindAsync(SampleDay.Day, edition, CancellationToken.None);

    public void Dispose()
    {
        _http.Dispose();
        World.Dispose();
    }

    /// <summary>A message whose handler was killed comes again.</summary>
    private async Task AliveAsync(Func<Task> actAsync)
    {
        while (true)
        {
            World.HandlerIsDead = false;
            try
            {
                await actAsync();
                return;
            }
            catch (Killed killed)
            {
                World.Failures.Add(killed);
            }
            catch (AggregateException failed) when (failed.InnerExceptions.All(inner => inner is Killed))
            {
                World.Failures.Add(failed);
            }
        }
    }

    private sealed class Finance(ExportDesk desk) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (desk.World.Tables.BeforeOperation?.Invoke("finance") ?? Task.CompletedTask);
            desk.Told.Add((request.Headers.GetValues(Webhook.EventHeader).Single(), await request.Content!.ReadAsStringAsync(cancellationToken)));
            await (desk.World.Tables.AfterOperation?.Invoke("finance") ?? Task.CompletedTask);
            return new(desk.Answer(desk.Told.Count - 1));
        }
    }
}

/// <summary>A world's time, but waits that last: a limit of 10 s must not be over at once.</summary>
internal sealed class LastingWaits(TimeProvider clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
}
