using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;

namespace CanteenPay.TableAdmin.Tests;

/// <summary>Rows reach a table in transactions that the service takes.</summary>
public sealed class RowSinkTests
{
    [Fact]
    public async Task Large_rows_come_in_transactions_below_four_mebibytes()
    {
        var table = await TableAsync();
        // Each close to 500 KB, as a parked message with its body: forty of them would be 20 MB.
        var rows = Enumerable.Range(0, 12).Select(number =>
        {
            var row = new TableEntity("20261123", $"large-{number:D2}");
            for (var part = 0; part < 8; part++)
                row[$"Body{part}"] = new byte[60 * 1024];
            return row;
        }).ToList();

        var counts = await new RowSink(table, SinkMode.AddMissing, (_, _) => { }).PutAsync(rows.ToAsyncEnumerable(), _ => { }, default);

        counts.ShouldBe(new RowCounts(12, 0, 0));
        (await table.QueryAsync<TableEntity>().CountAsync()).ShouldBe(12);
    }

    [Fact]
    public async Task What_is_there_is_told_and_stays_unless_it_is_to_be_replaced()
    {
        var table = await TableAsync();
        await table.AddEntityAsync(new TableEntity("p", "1") { ["Amount"] = 1L });
        await table.AddEntityAsync(new TableEntity("p", "2") { ["Amount"] = 2L });
        TableEntity[] rows = [new("p", "1") { ["Amount"] = 1L }, new("p", "2") { ["Amount"] = 20L }, new("q", "3") { ["Amount"] = 3L }];
        var told = new List<string>();

        foreach (var (mode, amount, there) in new[] { (SinkMode.Look, 2L, 2), (SinkMode.AddMissing, 2L, 3), (SinkMode.Replace, 20L, 3) })
        {
            var counts = await new RowSink(table, mode, (stored, given) => told.Add($"{stored["Amount"]} {given["Amount"]}")).PutAsync(rows.ToAsyncEnumerable(), _ => { }, default);

            counts.Different.ShouldBe(1, $"{mode}");
            (await table.GetEntityAsync<TableEntity>("p", "2")).GetInt64("Amount").ShouldBe(amount, $"{mode}");
            (await table.QueryAsync<TableEntity>().CountAsync()).ShouldBe(there, $"{mode}");
        }

        told.ShouldBe(["2 20", "2 20", "2 20"]);
    }

    private static async Task<TableClient> TableAsync()
    {
        var table = new InMemoryTableService().GetTableClient("Parked");
        await table.CreateIfNotExistsAsync();
        return table;
    }
}
