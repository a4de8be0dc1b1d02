using Azure;
using Azure.Core;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.Tests.Tables;

[Collection(AzuriteCollection.Name)]
public sealed class Ambiguous_writes_are_settled_by_reading(Azurite azurite)
{
    private readonly InterceptingTransport transport = new();

    [Fact]
    public async Task An_insert_whose_answer_was_lost_succeeded()
    {
        var table = await NewTableAsync();
        LoseAnswers(1);
        var etag = await table.AddEntityAsync(new Lunch("p", "r", 1, "面"));
        (await table.GetEntityAsync<Lunch>("p", "r")).ShouldBe(new Lunch("p", "r", 1, "面", etag));
    }

    [Fact]
    public async Task An_insert_that_meets_another_row_after_a_retry_is_a_conflict()
    {
        var table = await NewTableAsync();
        await Other(table).AddEntityAsync(new Lunch("p", "r", 2));
        LoseAnswers(1);
        (await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new Lunch("p", "r", 1)))).ErrorCode.ShouldBe(TableErrorCode.EntityAlreadyExists);
    }

    [Fact]
    public async Task An_insert_that_meets_a_row_with_more_properties_is_a_conflict()
    {
        var table = await NewTableAsync();
        await Other(table).AddEntityAsync(new Lunch("p", "r", 1, "面"));
        LoseAnswers(1);
        (await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new Lunch("p", "r", 1)))).Status.ShouldBe(409);
    }

    [Fact]
    public async Task Without_a_retry_an_equal_row_is_another_writers()
    {
        var table = await NewTableAsync();
        await table.AddEntityAsync(new Lunch("p", "r", 1));
        (await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new Lunch("p", "r", 1)))).Status.ShouldBe(409);
    }

    [Theory]
    [InlineData(TableUpdateMode.Replace)]
    [InlineData(TableUpdateMode.Merge)]
    public async Task An_update_whose_answer_was_lost_succeeded(TableUpdateMode mode)
    {
        var table = await NewTableAsync();
        var old = await table.AddEntityAsync(new Lunch("p", "r", 1, "面"));
        LoseAnswers(1);
        var etag = await table.UpdateEntityAsync(new Lunch("p", "r", 2), old, mode);
        (await table.GetEntityAsync<Lunch>("p", "r")).ShouldBe(new Lunch("p", "r", 2, mode == TableUpdateMode.Merge ? "面" : null, etag));
    }

    [Fact]
    public async Task An_update_that_somebody_changed_before_the_retry_is_refused()
    {
        var table = await NewTableAsync();
        var old = await table.AddEntityAsync(new Lunch("p", "r", 1));
        LoseAnswers(1, () => Other(table).UpsertEntityAsync(new Lunch("p", "r", 3), TableUpdateMode.Replace));
        (await Should.ThrowAsync<RequestFailedException>(() => table.UpdateEntityAsync(new Lunch("p", "r", 2), old, TableUpdateMode.Replace))).Status.ShouldBe(412);
    }

    [Fact]
    public async Task A_delete_whose_answer_was_lost_succeeded()
    {
        var table = await NewTableAsync();
        var old = await table.AddEntityAsync(new Lunch("p", "r", 1));
        LoseAnswers(1);
        await table.DeleteEntityAsync("p", "r", old);
        (await table.GetEntityIfExistsAsync<Lunch>("p", "r")).ShouldBeNull();
    }

    [Fact]
    public async Task A_delete_after_which_somebody_made_the_row_anew_is_refused()
    {
        var table = await NewTableAsync();
        var old = await table.AddEntityAsync(new Lunch("p", "r", 1));
        LoseAnswers(1, () => Other(table).AddEntityAsync(new Lunch("p", "r", 2)));
        (await Should.ThrowAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", old))).Status.ShouldBe(412);
        (await table.GetEntityAsync<Lunch>("p", "r")).Fen.ShouldBe(2);
    }

    [Fact]
    public async Task A_transaction_whose_answer_was_lost_succeeded()
    {
        var table = await NewTableAsync();
        var old = await table.AddEntityAsync(new Lunch("p", "old", 1));
        LoseAnswers(1);
        var etags = await table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, new Lunch("p", "new", 1)),
            new(TableTransactionActionType.Delete, new Lunch("p", "old", 1), old),
        ]);
        (await table.GetEntityAsync<Lunch>("p", "new")).ETag.ShouldBe(etags[0]);
        etags[1].ShouldBe(default);
    }

    [Fact]
    public async Task A_transaction_of_which_one_row_is_not_ours_is_refused()
    {
        var table = await NewTableAsync();
        await Other(table).AddEntityAsync(new Lunch("p", "b", 7));
        LoseAnswers(1);
        var error = await Should.ThrowAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync([
            new(TableTransactionActionType.UpsertReplace, new Lunch("p", "a", 1)),
            new(TableTransactionActionType.Add, new Lunch("p", "b", 1)),
        ]));
        error.FailedTransactionActionIndex.ShouldBe(1);
        (await table.GetEntityIfExistsAsync<Lunch>("p", "a")).ShouldBeNull();
    }

    [Fact]
    public async Task A_write_all_of_whose_answers_were_lost_is_read_back()
    {
        var table = await NewTableAsync();
        LoseAnswers(int.MaxValue);
        var etag = await table.UpsertEntityAsync(new Lunch("p", "r", 1), TableUpdateMode.Replace);
        (await Other(table).GetEntityAsync<Lunch>("p", "r")).ETag.ShouldBe(etag);
    }

    [Fact]
    public async Task A_write_that_never_arrived_fails_with_status_0()
    {
        var table = await NewTableAsync();
        transport.Before = (message, _) => message.Request.Method == RequestMethod.Get ? Task.CompletedTask : throw new IOException("cut");
        (await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new Lunch("p", "r", 1)))).Status.ShouldBe(0);
        (await Other(table).GetEntityIfExistsAsync<Lunch>("p", "r")).ShouldBeNull();
    }

    [Fact]
    public async Task Retries_are_bounded()
    {
        var table = await NewTableAsync();
        var before = transport.Attempts;
        transport.Before = (_, _) => throw new IOException("cut");
        await Should.ThrowAsync<RequestFailedException>(() => table.GetEntityAsync<Lunch>("p", "r"));
        (transport.Attempts - before).ShouldBe(3);
    }

    private void LoseAnswers(int count, Func<Task>? meanwhile = null)
    {
        var lost = 0;
        transport.After = async (message, _) =>
        {
            if (message.Request.Method != RequestMethod.Get && lost < count)
            {
                lost++;
                await (meanwhile?.Invoke() ?? Task.CompletedTask);
                throw new IOException("The answer got lost.");
            }
        };
    }

    private async Task<TableClient> NewTableAsync()
    {
        TableClientOptions options = new() { Transport = transport, Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(1) } };
        var table = azurite.Service(options).GetTableClient($"T{Guid.NewGuid():N}");
        await table.CreateIfNotExistsAsync();
        return table;
    }

    private TableClient Other(TableClient table) => azurite.Service().GetTableClient(table.Name);
}
