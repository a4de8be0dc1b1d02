using System.Globalization;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Audit;
using CanteenPay.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.Functions.Tests.Audit;

/// <summary>Instances of the app that write one audit, and somebody who meddles with its table.</summary>
internal sealed class AuditWorld
{
    public static readonly DateOnly Today = new(2026, 11, 22);

    public AuditWorld() => Tables.GetTableClient("Audit").CreateIfNotExistsAsync().GetAwaiter().GetResult();

    public InMemoryTableService Tables { get; } = new();

    public MovableClock Clock { get; } = new(World.Noon);

    public TableClient Table => Tables.GetTableClient("Audit");

    /// <summary>An instance of the app, with a clock of its own if it is said.</summary>
    public AuditBook Instance(TimeProvider? clock = null)
    {
        var store = new AuditStore(Tables);
        return new(store, new AuditDays(store, NullLogger<AuditDays>.Instance), clock ?? Clock, new Random(1), NullLogger<AuditBook>.Instance);
    }

    public async Task AddAsync(int entries, AuditBook? book = null)
    {
        book ??= Instance();
        for (var entry = 0; entry < entries; entry++)
            await book.AddAsync(Entry(Crockford.Random(16)), CancellationToken.None);
    }

    public Task<AuditVerdict> CheckAsync(DateOnly? day = null) =>
        new AuditCheck(new AuditStore(Tables), NullLogger<AuditCheck>.Instance).CheckAsync(day ?? Today, CancellationToken.None);

    public async Task<List<AuditRow>> RowsAsync(DateOnly? day = null) =>
        await new AuditStore(Tables).ListAsync(day ?? Today, 0, null, CancellationToken.None).ToListAsync();

    public Task<TableEntity> RowAsync(long seq) => Table.GetEntityAsync<TableEntity>(BusinessDay.Key(Today), AuditRow.Key(seq));

    public static AuditEntry Entry(string request) => new()
    {
        Request = request,
        At = World.Noon,
        Kind = AuditKind.Asked,
        Who = "33333333-0000-4000-8000-000000000003",
        Name = "周运营",
        Roles = "Operator",
        What = "POST /api/orders/{orderId}/refunds",
        Subject = "orderId=261122DEVMERCHDEVMACH10123456789",
        From = "203.0.113.9",
        Body = """{"amount":100,"reason":"***"}""",
    };

    /// <summary>Whatever numbers: for sums over requests.</summary>
    public static string Request(int number) => number.ToString("D16", CultureInfo.InvariantCulture);
}

/// <summary>A clock that is moved; waits by it last, but those between tries are over at once.</summary>
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < Short && dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
}
