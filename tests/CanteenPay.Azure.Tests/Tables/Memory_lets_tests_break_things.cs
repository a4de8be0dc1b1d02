using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.Tests.Tables;

/// <summary>The hooks by which other tests kill a handler at any I/O, or lose an answer.</summary>
public sealed class Memory_lets_tests_break_things
{
    private readonly List<string> operations = [];
    private readonly InMemoryTableService service = new();

    [Fact]
    public async Task Every_operation_is_told_before_and_after()
    {
        var table = await NewTableAsync();
        service.BeforeOperation = Tell("<");
        service.AfterOperation = Tell(">");
        await table.AddEntityAsync(new Lunch("p", "r", 1));
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, new TableEntity("p", "r"))]);
        await Should.ThrowAsync<Exception>(() => table.GetEntityAsync<Lunch>("p", "r"));
        operations.ShouldBe(["<Lunches.Add p/r", ">Lunches.Add p/r", "<Lunches.Transaction p/1", ">Lunches.Transaction p/1", "<Lunches.Get p/r"]);
    }

    [Fact]
    public async Task A_handler_killed_before_its_write_has_written_nothing()
    {
        var table = await NewTableAsync();
        service.BeforeOperation = _ => throw new KilledException();
        await Should.ThrowAsync<KilledException>(() => table.AddEntityAsync(new Lunch("p", "r", 1)));
        service.BeforeOperation = null;
        (await table.GetEntityIfExistsAsync<Lunch>("p", "r")).ShouldBeNull();
    }

    [Fact]
    public async Task A_handler_killed_after_its_write_has_written()
    {
        var table = await NewTableAsync();
        service.AfterOperation = _ => throw new KilledException();
        await Should.ThrowAsync<KilledException>(() => table.AddEntityAsync(new Lunch("p", "r", 1)));
        service.AfterOperation = null;
        (await table.GetEntityAsync<Lunch>("p", "r")).Fen.ShouldBe(1);
    }

    [Fact]
    public async Task Small_pages_are_each_an_operation_even_when_they_are_empty()
    {
        var table = await NewTableAsync();
        foreach (var id in (string[])["a", "b", "c"])
        {
            await table.AddEntityAsync(new Lunch("p", id, 1));
        }

        service.RowsScannedPerPage = 1;
        service.BeforeOperation = Tell("");
        (await table.QueryAsync<Lunch>("RowKey eq 'c'").ToListAsync()).ShouldHaveSingleItem();
        operations.Count.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task What_a_caller_does_to_a_row_stays_with_the_caller()
    {
        var table = await NewTableAsync();
        TableEntity row = new("p", "r") { ["Fen"] = 1L };
        await table.AddEntityAsync(row);
        row["Fen"] = 2L;
        (await table.GetEntityAsync<TableEntity>("p", "r"))["Fen"] = 3L;
        (await table.GetEntityAsync<Lunch>("p", "r")).Fen.ShouldBe(1);
    }

    private Func<string, Task> Tell(string mark) => operation =>
    {
        operations.Add(mark + operation);
        return Task.CompletedTask;
    };

    private async Task<TableClient> NewTableAsync()
    {
        var table = service.GetTableClient("Lunches");
        await table.CreateIfNotExistsAsync();
        return table;
    }

    private sealed class KilledException : Exception;
}
