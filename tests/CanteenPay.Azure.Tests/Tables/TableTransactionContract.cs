using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.Tests.Tables;

/// <summary>What every implementation of the table port does with transactions and at Azure's limits. Each test has a table of its own.</summary>
public abstract class TableTransactionContract
{
    protected abstract TableServiceClient Service { get; }

    private async Task<TableClient> NewTableAsync()
    {
        var table = Service.GetTableClient($"T{Guid.NewGuid():N}");
        await table.CreateIfNotExistsAsync();
        return table;
    }

    [Fact]
    public async Task A_transaction_does_all_kinds_of_writes_and_tells_their_versions()
    {
        var table = await NewTableAsync();
        var etags = new ETag[4];
        for (var number = 0; number < 4; number++)
        {
            etags[number] = await table.AddEntityAsync(new Lunch("p", $"{number}", number, "面"));
        }

        var written = await table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, new Lunch("p", "new", 9)),
            new(TableTransactionActionType.UpdateReplace, new Lunch("p", "0", 10), etags[0]),
            new(TableTransactionActionType.UpdateMerge, new Lunch("p", "1", 11), ETag.All),
            new(TableTransactionActionType.UpsertReplace, new Lunch("p", "2", 12)),
            new(TableTransactionActionType.UpsertMerge, new Lunch("p", "made", 13)),
            new(TableTransactionActionType.Delete, new Lunch("p", "3", 0), etags[3]),
        ]);

        var rows = await table.QueryAsync<Lunch>().ToListAsync();
        rows.Select(row => (row.Id, row.Fen, row.Dish)).ShouldBe([("0", 10, null), ("1", 11, "面"), ("2", 12, null), ("made", 13, null), ("new", 9, null)]);
        written.Count.ShouldBe(6);
        written[0].ShouldBe(rows[4].ETag);
        written[2].ShouldBe(rows[1].ETag);
    }

    [Theory]
    [InlineData(TableTransactionActionType.Add, 409, TableErrorCode.EntityAlreadyExists)]
    [InlineData(TableTransactionActionType.UpdateReplace, 412, TableErrorCode.UpdateConditionNotSatisfied)]
    public async Task A_refused_transaction_writes_nothing_and_names_the_action(TableTransactionActionType type, int status, string code)
    {
        var table = await NewTableAsync();
        var old = await table.AddEntityAsync(new Lunch("p", "b", 1));
        await table.UpsertEntityAsync(new Lunch("p", "b", 2), TableUpdateMode.Replace);
        var error = await Should.ThrowAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, new Lunch("p", "a", 1)),
            new(type, new Lunch("p", "b", 3), type == TableTransactionActionType.Add ? default : old),
            new(TableTransactionActionType.Add, new Lunch("p", "c", 1)),
        ]));
        (error.Status, error.ErrorCode, error.FailedTransactionActionIndex).ShouldBe((status, code, 1));
        (await table.QueryAsync<Lunch>().ToListAsync()).Select(row => (row.Id, row.Fen)).ShouldBe([("b", 2)]);
    }

    [Fact]
    public async Task A_hundred_writes_go_into_one_transaction()
    {
        var table = await NewTableAsync();
        var etags = await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(number =>
            new TableTransactionAction(TableTransactionActionType.Add, new Lunch("p", $"{number:D3}", number, new string('面', 300)))));
        etags.Count.ShouldBe(100);
        (await table.GetEntityAsync<Lunch>("p", "099")).ETag.ShouldBe(etags[99]);
    }

    [Fact]
    public async Task What_Azure_would_refuse_is_refused_before_it_is_sent()
    {
        var table = await NewTableAsync();
        TableTransactionAction Add(string partition, string row, string? dish = null) => new(TableTransactionActionType.Add, new Lunch(partition, row, 1, dish));

        await RefusesAsync("1 to 100", () => table.SubmitTransactionAsync([]));
        await RefusesAsync("1 to 100", () => table.SubmitTransactionAsync(Enumerable.Range(0, 101).Select(number => Add("p", $"{number}"))));
        await RefusesAsync("one partition", () => table.SubmitTransactionAsync([Add("p", "1"), Add("q", "2")]));
        await RefusesAsync("twice", () => table.SubmitTransactionAsync([Add("p", "1"), Add("p", "1")]));
        await RefusesAsync("4194304", () => table.SubmitTransactionAsync(Enumerable.Range(0, 90).Select(number => Add("p", $"{number}", new string('面', 20_000)))));
        await RefusesAsync("32768", () => table.AddEntityAsync(new Lunch("p", "r", 1, new string('x', 32_769))));
        await RefusesAsync("252", () => table.AddEntityAsync(Wide(253, "x")));
        await RefusesAsync("1048576", () => table.AddEntityAsync(Wide(20, new string('x', 30_000))));
        await RefusesAsync("character", () => table.AddEntityAsync(new Lunch("p", "a/b", 1)));
        await RefusesAsync("512", () => table.GetEntityAsync<Lunch>("p", new string('k', 513)));
        await RefusesAsync("ETag", () => table.UpdateEntityAsync(new Lunch("p", "r", 1), default, TableUpdateMode.Replace));
        (await table.QueryAsync<Lunch>().ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_largest_that_Azure_takes_is_sent()
    {
        var table = await NewTableAsync();
        await table.AddEntityAsync(new Lunch(new string('k', 512), new string('键', 512), 1, new string('x', 32_768)));
        await table.AddEntityAsync(Wide(252, "x"));
        (await table.GetEntityAsync<Lunch>(new string('k', 512), new string('键', 512))).Dish!.Length.ShouldBe(32_768);
        (await table.GetEntityAsync<TableEntity>("p", "wide")).Count.ShouldBe(252);
    }

    private static TableEntity Wide(int properties, string value)
    {
        TableEntity row = new("p", "wide");
        foreach (var number in Enumerable.Range(0, properties))
        {
            row[$"P{number}"] = value;
        }

        return row;
    }

    private static async Task RefusesAsync(string words, Func<Task> send) => (await Should.ThrowAsync<ArgumentException>(send)).Message.ShouldContain(words);
}
