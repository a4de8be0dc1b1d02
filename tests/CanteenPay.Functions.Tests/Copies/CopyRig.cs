using System.IO.Compression;
using System.Text.Json;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Homes;
using CanteenPay.Functions.Operations;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Functions.Tests.Copies;

/// <summary>The copying of tables over in-memory Azure with parts of a few rows. Invocations that fail come again ten times, as the host lets them; then they are parked.</summary>
internal sealed class CopyRig : ILogger<CopyTables>, ILogger<CopyStart>
{
    public const string Night = "2026-11-23", Second = "second";

    public static readonly DateTimeOffset HalfPastOne = new(2026, 11, 23, 1, 30, 0, TimeSpan.FromHours(8));

    private const int MostDeliveries = 10;

    public CopyRig(CopyLimits? limits = null, bool hasSecondAccount = false)
    {
        (Tables, Others, ServiceBus) = (new(Clock), new(Clock), new(Clock));
        var byName = new Dictionary<string, TableServiceClient> { [TableAccounts.Main] = Tables };
        if (hasSecondAccount)
            byName[Second] = Others;
        var accounts = new TableAccounts(byName);
        foreach (var table in CopiedTables.All)
            Tables.GetTableClient(table).CreateIfNotExistsAsync().GetAwaiter().GetResult();
        foreach (var table in HomedTables.Books)
            Others.GetTableClient(table).CreateIfNotExistsAsync().GetAwaiter().GetResult();
        Catalog = new(Files);
        var queue = new CopyQueue(ServiceBus, Clock);
        Start = new(accounts, Catalog, queue, this);
        Function = new(accounts, new PartReading(limits ?? new(7, long.MaxValue, TimeSpan.MaxValue), Clock), Files, Catalog, queue, Clock, this);
    }

    public FakeClock Clock { get; } = new(HalfPastOne);

    public InMemoryTableService Tables { get; }

    /// <summary>The account <see cref="Second"/>.</summary>
    public InMemoryTableService Others { get; }

    public InMemoryServiceBus ServiceBus { get; }

    public MemoryCopies Files { get; } = new();

    public CopyCatalog Catalog { get; }

    public CopyStart Start { get; }

    public CopyTables Function { get; }

    /// <summary>Every line of the log.</summary>
    public List<string> Log { get; } = [];

    /// <summary>What was given up, as the queue <c>parked</c> gets it.</summary>
    public List<BinaryData> Parked { get; } = [];

    /// <summary>What failed.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>The process is gone: nothing more of it runs, whatever it would still try.</summary>
    public bool IsDead { get; private set; }

    /// <summary>A whole copy.</summary>
    public async Task CopyAsync(string label = Night)
    {
        await Start.BeginAsync(label, Clock.GetUtcNow(), CancellationToken.None);
        await DrainAsync();
    }

    /// <summary>Delivers what is in the queue, also what waits.</summary>
    public async Task DrainAsync()
    {
        while (ServiceBus.NextDue(CopyQueue.Queue) is { } due)
        {
            Clock.MoveTo(due);
            await DeliverAsync(ServiceBus.TakeDue(CopyQueue.Queue)!.Body);
        }
    }

    /// <summary>Delivers a message until it is taken or given up.</summary>
    public async Task DeliverAsync(BinaryData body)
    {
        for (var delivery = 0; delivery < MostDeliveries; delivery++)
        {
            IsDead = false;
            try
            {
                await Function.RunAsync(JsonSerializer.Deserialize(body, FunctionsJson.Default.CopyMessage)!, CancellationToken.None);
                return;
            }
            catch (Exception failure)
            {
                Failures.Add(failure);
            }
        }

        Parked.Add(body);
    }

    /// <summary>The night begins until it ends well: whoever was killed in it begins again.</summary>
    public async Task BeginUntilBegunAsync()
    {
        for (var run = 0; run < MostDeliveries; run++)
        {
            IsDead = false;
            try
            {
                await Start.BeginAsync(Night, HalfPastOne, CancellationToken.None);
                return;
            }
            catch (Killed killed)
            {
                Failures.Add(killed);
            }
        }
    }

    /// <summary>Kills whoever makes the n-th I/O from now, once: its effect stands, its answer is lost. Tells whether it came to that.</summary>
    public Func<bool> KillAfter(int step)
    {
        var taken = 0;
        Tables.AfterOperation = ServiceBus.AfterOperation = Files.AfterOperation = operation =>
        {
            if (++taken != step)
                return Task.CompletedTask;
            IsDead = true;
            throw new Killed(operation);
        };
        Tables.BeforeOperation = ServiceBus.BeforeOperation = Files.BeforeOperation = operation => IsDead ? throw new Killed("its death") : Task.CompletedTask;
        return () => taken >= step;
    }

    /// <summary>Kills nobody any more.</summary>
    public void KillNobody()
    {
        Tables.AfterOperation = ServiceBus.AfterOperation = Files.AfterOperation = null;
        Tables.BeforeOperation = ServiceBus.BeforeOperation = Files.BeforeOperation = null;
    }

    /// <summary>Puts rows whose partitions are anywhere: ids, days, words, and what nobody would think of.</summary>
    public async Task FillAsync(int seed, int rows, IReadOnlyList<string>? tables = null, InMemoryTableService? account = null)
    {
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
        {
            var table = (tables ?? CopiedTables.All)[random.Next((tables ?? CopiedTables.All).Count)];
            var row = new TableEntity(Partition(random), $"{random.Next(1000):D4} 王's \"{i}\"") { ["Fen"] = random.NextInt64(), ["Name"] = "第一行\n第二行\u2028", ["At"] = HalfPastOne };
            await (account ?? Tables).GetTableClient(table).AddEntityAsync(row);
        }
    }

    /// <summary>The lines of a table as they are.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(InMemoryTableService account, string table) =>
        await account.GetTableClient(table).QueryAsync<TableEntity>().Select(Line).ToListAsync();

    /// <summary>The lines of a table as the copy has them, in the order of its parts.</summary>
    public IReadOnlyList<string> Copied(string table, string label = Night, string account = TableAccounts.Main) =>
    [
        .. Files.All.Where(file => file.Key.StartsWith($"{label}/{account}/{table}/", StringComparison.Ordinal) && file.Key.EndsWith(".gz", StringComparison.Ordinal))
            .SelectMany(file => Unpacked(file.Value.Content)).Select(line => Line(RowText.Read(System.Text.Encoding.UTF8.GetBytes(line)))),
    ];

    /// <summary>A row as text.</summary>
    public static string Line(TableEntity row) => System.Text.Encoding.UTF8.GetString(RowText.Write(row));

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Add($"{eventId.Id} {formatter(state, exception)}");

    private static string[] Unpacked(BinaryData packed)
    {
        using var lines = new StreamReader(new GZipStream(packed.ToStream(), CompressionMode.Decompress));
        return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Partition(Random random) => random.Next(6) switch
    {
        0 => Id(random),
        1 => $"{Id(random)}-202611{random.Next(10, 31)}",
        2 => $"202611{random.Next(10, 31)}",
        3 => $"{random.Next(16):D2}",
        4 => new string((char)random.Next('!', 'z'), 2).Replace('/', '0').Replace('\\', '4').Replace('#', '8').Replace('?', 'G'),
        _ => "王四 'eq' ",
    };

    private static string Id(Random random) => string.Concat(random.GetItems<char>("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 8));
}
