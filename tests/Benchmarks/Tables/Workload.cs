using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Benchmarks.Tables;

/// <summary>What a round asks of a table, as calls of our client; a round's rows are its own.</summary>
internal static class Workload
{
    private const int RowsInTransaction = 100;
    private const int RowsInScan = 1_000;
    private const int ScansOfEach = 4;

    /// <summary>Each kind with how many rows one call touches.</summary>
    public static IReadOnlyList<(string Name, int RowsInCall, Func<TableClient, Task>[] Calls)> Round(int round, int rows)
    {
        var partitions = Math.Max(1, rows * 4 / RowsInScan);
        return
        [
            ("insert", 1, [.. Enumerable.Range(0, rows).Select(n => (Func<TableClient, Task>)(table => table.AddEntityAsync(Order(Single(round), n))))]),
            ("get", 1, [.. Enumerable.Range(0, rows).Select(n => (Func<TableClient, Task>)(table => table.GetEntityAsync<TableEntity>(Single(round), Key(n))))]),
            ("merge", 1, [.. Enumerable.Range(0, rows).Select(n => (Func<TableClient, Task>)(table => table.UpdateEntityAsync(
                new TableEntity(Single(round), Key(n)) { { "State", "Paid" }, { "Acknowledged", true } }, ETag.All, TableUpdateMode.Merge)))]),
            ("transaction of 100 inserts", RowsInTransaction, [.. from partition in Enumerable.Range(0, partitions)
                from part in Enumerable.Range(0, RowsInScan / RowsInTransaction)
                select (Func<TableClient, Task>)(table => table.SubmitTransactionAsync(
                    Enumerable.Range(part * RowsInTransaction, RowsInTransaction)
                        .Select(n => new TableTransactionAction(TableTransactionActionType.Add, Order(Many(round, partition), n)))))]),
            ("scan of 1000 rows", RowsInScan, [.. from again in Enumerable.Range(0, ScansOfEach)
                from partition in Enumerable.Range(0, partitions)
                select (Func<TableClient, Task>)(table => ScanAsync(table, Many(round, partition)))]),
        ];
    }

    private static async Task ScanAsync(TableClient table, string partition)
    {
        var rows = 0;
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}")))
            rows += row.Count > 0 ? 1 : 0;
        if (rows != RowsInScan)
            throw new InvalidOperationException($"The scan of {partition} found {rows} rows, not {RowsInScan}.");
    }

    /// <summary>A row about as wide as an order's.</summary>
    private static TableEntity Order(string partition, int n) => new(partition, Key(n))
    {
        { "State", "AwaitingPayment" },
        { "Amount", 1250L },
        { "Kind", "QR" },
        { "Channel", "swiftpass" },
        { "ChannelMerchantId", "7551000001" },
        { "RequestedAt", new DateTimeOffset(2026, 11, 22, 4, 5, 0, TimeSpan.Zero) },
        { "CreatedAt", new DateTimeOffset(2026, 11, 22, 4, 5, 1, TimeSpan.Zero) },
        { "ExpiresAt", new DateTimeOffset(2026, 11, 22, 4, 7, 1, TimeSpan.Zero) },
        { "FeeRateBasisPoints", 60 },
        { "Qr", "https://qr.alipay.com/bax00000000000000000000000000000" },
        { "OpenKey", "202611220405-261122DEVMERCHDEVMACH10123456789" },
    };

    private static string Single(int round) => $"DEVMERCH-{round}";

    private static string Many(int round, int partition) => $"DEVMERCH-{round}-{partition}";

    private static string Key(int n) => $"261122DEVMERCHDEVMACH1{n:D10}";
}
