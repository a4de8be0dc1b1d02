using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.Tests.Tables;

/// <summary>What every implementation of the table port does. Each test has a table of its own.</summary>
public abstract class TableClientContract
{
    protected abstract TableServiceClient Service { get; }

    private async Task<TableClient> NewTableAsync()
    {
        var table = Service.GetTableClient($"T{Guid.NewGuid():N}");
        await table.CreateIfNotExistsAsync();
        return table;
    }

    [Fact]
    public async Task Creating_a_table_that_exists_changes_nothing()
    {
        var table = await NewTableAsync();
        await table.AddEntityAsync(new Lunch("p", "r", 1));
        await table.CreateIfNotExistsAsync();
        (await table.GetEntityAsync<Lunch>("p", "r")).Fen.ShouldBe(1);
    }

    [Fact]
    public async Task A_table_that_was_not_created_is_an_error_for_reads_and_writes()
    {
        var table = Service.GetTableClient($"T{Guid.NewGuid():N}");
        (await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new Lunch("p", "r", 1)))).ErrorCode.ShouldBe(TableErrorCode.TableNotFound);
        (await Should.ThrowAsync<RequestFailedException>(() => table.GetEntityIfExistsAsync<Lunch>("p", "r"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_was_inserted_is_read_with_its_version()
    {
        var table = await NewTableAsync();
        var etag = await table.AddEntityAsync(new Lunch("食堂", "午餐 'A' & <1>;+%20", 1250, "番茄炒蛋"));
        var read = await table.GetEntityAsync<Lunch>("食堂", "午餐 'A' & <1>;+%20");
        read.ShouldBe(new Lunch("食堂", "午餐 'A' & <1>;+%20", 1250, "番茄炒蛋", etag));
        etag.ToString().ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a,b=c")]
    [InlineData("''")]
    [InlineData(" x ")]
    [InlineData("%2F")]
    public async Task Odd_keys_find_their_row_again(string key)
    {
        var table = await NewTableAsync();
        await table.AddEntityAsync(new Lunch("p" + key, "r" + key, 5));
        (await table.GetEntityAsync<Lunch>("p" + key, "r" + key)).Fen.ShouldBe(5);
        var found = await table.QueryAsync<Lunch>(TableClient.CreateQueryFilter($"PartitionKey eq {"p" + key} and RowKey eq {"r" + key}")).ToListAsync();
        found.Count.ShouldBe(1);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, new TableEntity("p" + key, "r" + key))]);
        (await table.GetEntityIfExistsAsync<Lunch>("p" + key, "r" + key)).ShouldBeNull();
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_went()
    {
        var table = await NewTableAsync();
        TableEntity row = new("p", "r")
        {
            ["Text"] = "a\"b\\c\n好🍚\u2028",
            ["Empty"] = "",
            ["Int"] = int.MinValue,
            ["Long"] = 9007199254740993L,
            ["SmallLong"] = 1L,
            ["True"] = true,
            ["Whole"] = 5.0,
            ["Part"] = 1e300,
            ["Time"] = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.FromHours(8)).AddTicks(1234567),
            ["Guid"] = Guid.Parse("0a1b2c3d-0000-1111-2222-333344445555"),
            ["Bytes"] = new BinaryData(new byte[] { 0, 255, 13, 10 }),
            ["LooksLikeTime"] = "2026-11-22T10:00:00Z",
            ["Nothing"] = null,
        };
        await table.AddEntityAsync(row);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, row.Copy("p", "batch"))]);

        foreach (var read in await table.QueryAsync<TableEntity>().ToListAsync())
        {
            read.Keys.ShouldBe(row.Keys);
            foreach (var (name, value) in row)
            {
                read[name]!.GetType().ShouldBe(value.GetType(), name);
                EdmValue.AreEqual(read[name]!, value).ShouldBeTrue(name);
            }

            read.Timestamp.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_second_insert_is_a_conflict_and_changes_nothing()
    {
        var table = await NewTableAsync();
        await table.AddEntityAsync(new Lunch("p", "r", 1));
        var error = await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new Lunch("p", "r", 2)));
        (error.Status, error.ErrorCode).ShouldBe((409, TableErrorCode.EntityAlreadyExists));
        (await table.GetEntityAsync<Lunch>("p", "r")).Fen.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_row_is_null_or_404()
    {
        var table = await NewTableAsync();
        (await table.GetEntityIfExistsAsync<Lunch>("p", "r")).ShouldBeNull();
        var error = await Should.ThrowAsync<RequestFailedException>(() => table.GetEntityAsync<Lunch>("p", "r"));
        (error.Status, error.ErrorCode).ShouldBe((404, TableErrorCode.ResourceNotFound));
    }

    [Fact]
    public async Task Of_two_writers_with_the_same_version_the_first_wins()
    {
        var table = await NewTableAsync();
        var first = await table.AddEntityAsync(new Lunch("p", "r", 1));
        var second = await table.UpdateEntityAsync(new Lunch("p", "r", 2), first, TableUpdateMode.Replace);
        second.ShouldNotBe(first);
        var error = await Should.ThrowAsync<RequestFailedException>(() => table.UpdateEntityAsync(new Lunch("p", "r", 3), first, TableUpdateMode.Replace));
        (error.Status, error.ErrorCode).ShouldBe((412, TableErrorCode.UpdateConditionNotSatisfied));
        var read = await table.GetEntityAsync<Lunch>("p", "r");
        (read.Fen, read.ETag).ShouldBe((2, second));
    }

    [Fact]
    public async Task Writing_the_same_content_again_makes_a_new_version()
    {
        var table = await NewTableAsync();
        var first = await table.AddEntityAsync(new Lunch("p", "r", 1));
        (await table.UpdateEntityAsync(new Lunch("p", "r", 1), first, TableUpdateMode.Replace)).ShouldNotBe(first);
    }

    [Fact]
    public async Task An_update_of_any_version_still_needs_a_row()
    {
        var table = await NewTableAsync();
        var error = await Should.ThrowAsync<RequestFailedException>(() => table.UpdateEntityAsync(new Lunch("p", "r", 3), ETag.All, TableUpdateMode.Merge));
        (error.Status, error.ErrorCode).ShouldBe((404, TableErrorCode.ResourceNotFound));
    }

    [Fact]
    public async Task Merge_keeps_what_it_does_not_name_and_replace_does_not()
    {
        var table = await NewTableAsync();
        await table.UpsertEntityAsync(new Lunch("p", "r", 1, "面"), TableUpdateMode.Replace);
        await table.UpsertEntityAsync(new Lunch("p", "r", 2), TableUpdateMode.Merge);
        (await table.GetEntityAsync<Lunch>("p", "r")).Dish.ShouldBe("面");
        await table.UpdateEntityAsync(new Lunch("p", "r", 3), ETag.All, TableUpdateMode.Merge);
        (await table.GetEntityAsync<Lunch>("p", "r")).ShouldSatisfyAllConditions(row => row.Dish.ShouldBe("面"), row => row.Fen.ShouldBe(3));
        await table.UpsertEntityAsync(new Lunch("p", "r", 4), TableUpdateMode.Replace);
        (await table.GetEntityAsync<Lunch>("p", "r")).Dish.ShouldBeNull();
    }

    [Fact]
    public async Task A_delete_asks_for_the_version_and_the_row()
    {
        var table = await NewTableAsync();
        var old = await table.AddEntityAsync(new Lunch("p", "r", 1));
        var present = await table.UpsertEntityAsync(new Lunch("p", "r", 2), TableUpdateMode.Replace);
        (await Should.ThrowAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", old))).Status.ShouldBe(412);
        await table.DeleteEntityAsync("p", "r", present);
        (await Should.ThrowAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_query_gives_matching_rows_in_order_through_all_pages()
    {
        var table = await NewTableAsync();
        foreach (var number in Enumerable.Range(0, 7).Reverse())
        {
            await table.AddEntityAsync(new Lunch(number < 5 ? "a" : "b", $"{number:D2}", number));
        }

        (await table.QueryAsync<Lunch>(maxPerPage: 2).ToListAsync()).Select(row => row.Fen).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        var some = await table.QueryAsync<Lunch>(TableClient.CreateQueryFilter($"PartitionKey eq {"a"} and RowKey ge {"01"} and RowKey lt {"04"}"), maxPerPage: 1).ToListAsync();
        some.Select(row => row.Fen).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_query_passes_over_a_page_of_a_thousand_rows()
    {
        var table = await NewTableAsync();
        foreach (var chunk in Enumerable.Range(0, 1050).Chunk(100))
        {
            await table.SubmitTransactionAsync(chunk.Select(number => new TableTransactionAction(TableTransactionActionType.Add, new Lunch("p", $"{number:D5}", number))));
        }

        (await table.QueryAsync<Lunch>().ToListAsync()).Select(row => row.Fen).ShouldBe(Enumerable.Range(0, 1050).Select(number => (long)number));
    }

    [Theory]
    [InlineData("Number gt 5", "c")]
    [InlineData("Number ge 5 and not (RowKey eq 'c')", "b")]
    [InlineData("Big eq 9007199254740993L or Flag eq true", "ac")]
    [InlineData("Time lt datetime'2026-11-22T00:00:00Z'", "a")]
    [InlineData("Text eq 'it''s'", "b")]
    [InlineData("Text ne 'x'", "bc")]
    [InlineData("Flag eq false", "")]
    public async Task Filters_compare_every_type(string filter, string expected)
    {
        var table = await NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "a") { ["Number"] = 4, ["Big"] = 9007199254740993L, ["Time"] = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), ["Text"] = "x" });
        await table.AddEntityAsync(new TableEntity("p", "b") { ["Number"] = 5, ["Big"] = 9007199254740992L, ["Time"] = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero), ["Text"] = "it's" });
        await table.AddEntityAsync(new TableEntity("p", "c") { ["Number"] = 6, ["Big"] = 1L, ["Flag"] = true, ["Time"] = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), ["Text"] = "y" });
        string.Concat((await table.QueryAsync<TableEntity>(filter).ToListAsync()).Select(row => row.RowKey)).ShouldBe(expected);
    }

    [Fact]
    public async Task Selected_columns_come_with_the_keys_and_the_version()
    {
        var table = await NewTableAsync();
        var etag = await table.AddEntityAsync(new Lunch("p", "r", 1, "面"));
        var row = (await table.QueryAsync<TableEntity>(select: ["Dish"]).ToListAsync()).ShouldHaveSingleItem();
        row.Keys.ShouldBe(["Dish"]);
        (row.PartitionKey, row.RowKey, row.ETag).ShouldBe(("p", "r", etag));
    }
}

internal static class TableEntityCopies
{
    internal static TableEntity Copy(this TableEntity row, string partitionKey, string rowKey)
    {
        TableEntity copy = new(partitionKey, rowKey);
        foreach (var (name, value) in row)
        {
            copy[name] = value;
        }

        return copy;
    }
}
