using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Audit;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Audit;

/// <summary>Goal: nothing can be taken from the audit, changed or put in without it being found. Method: somebody with full rights on the table tries.</summary>
public sealed class AuditChainTests
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task A_whole_day_is_found_whole()
    {
        await _world.AddAsync(7);

        var verdict = await _world.CheckAsync();

        verdict.ShouldSatisfyAllConditions(
            whole => whole.IsWhole.ShouldBeTrue(),
            whole => whole.Entries.ShouldBe(7),
            whole => whole.Findings.ShouldBeEmpty(),
            whole => whole.IsSealed.ShouldBeFalse());
    }

    [Fact]
    public async Task A_day_without_any_is_whole_and_empty()
    {
        (await _world.CheckAsync()).ShouldSatisfyAllConditions(empty => empty.IsWhole.ShouldBeTrue(), empty => empty.Entries.ShouldBe(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task A_row_that_was_removed_is_found(long seq)
    {
        await _world.AddAsync(7);

        await _world.Table.DeleteEntityAsync(BusinessDay.Key(AuditWorld.Today), AuditRow.Key(seq));

        (await _world.CheckAsync()).IsWhole.ShouldBeFalse();
    }

    public static TheoryData<string, object> Changes => new()
    {
        { "Request", "0" }, { "At", World.Noon.AddTicks(1) }, { "Kind", "Done" }, { "Who", "somebody else" }, { "Name", "李" }, { "Roles", "" }, { "What", "GET" },
        { "Subject", "orderId=x" }, { "From", "203.0.113.10" }, { "Body", "{}" }, { "Status", 200 }, { "Before", "{}" }, { "After", "" }, { "Previous", "00" }, { "Hash", "00" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_row_that_was_changed_is_found(string column, object value)
    {
        await _world.AddAsync(5);
        var row = await _world.RowAsync(3);

        row[column] = value;
        await _world.Table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        (await _world.CheckAsync()).Findings.ShouldContain(finding => finding.StartsWith("Entry 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_field_that_was_moved_to_its_neighbour_is_found()
    {
        await _world.AddAsync(3);
        var row = await _world.RowAsync(2);

        (row["Roles"], row["What"]) = ("", $"{row["Roles"]}{row["What"]}");
        await _world.Table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        (await _world.CheckAsync()).IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task A_row_that_was_changed_with_a_hash_that_fits_is_found_by_the_one_behind_it()
    {
        await _world.AddAsync(5);
        var row = (await _world.RowsAsync())[2];

        await ForgeAsync(row, row.Entry with { Who = "somebody else" });

        (await _world.CheckAsync()).Findings.ShouldContain(finding => finding.StartsWith("Entry 4 does not hang on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_row_changed_with_a_hash_that_fits_is_found_by_the_head()
    {
        await _world.AddAsync(5);
        var row = (await _world.RowsAsync())[4];

        await ForgeAsync(row, row.Entry with { Who = "somebody else" });

        (await _world.CheckAsync()).IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_rows_that_changed_places_are_found()
    {
        await _world.AddAsync(5);
        var rows = await _world.RowsAsync();

        await _world.Table.UpsertEntityAsync(rows[1] with { Seq = 3 }, TableUpdateMode.Replace);
        await _world.Table.UpsertEntityAsync(rows[2] with { Seq = 2 }, TableUpdateMode.Replace);

        (await _world.CheckAsync()).IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task A_row_that_was_put_behind_the_last_is_found()
    {
        await _world.AddAsync(2);
        var last = (await _world.RowsAsync())[1];
        var hash = AuditChain.Next(last.Hash, last.Day, 3, last.Entry);

        await _world.Table.AddEntityAsync(new AuditRow(last.Day, 3, last.Entry, last.Hash, hash));

        (await _world.CheckAsync()).IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task A_day_without_its_head_is_found()
    {
        await _world.AddAsync(2);

        await _world.Table.DeleteEntityAsync(BusinessDay.Key(AuditWorld.Today), AuditHead.RowKey);

        (await _world.CheckAsync()).IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task A_whole_day_that_was_removed_is_found_on_the_day_after()
    {
        var book = _world.Instance();
        foreach (var day in (int[])[0, 1, 2])
        {
            _world.Clock.Now = World.Noon.AddDays(day);
            await _world.AddAsync(2, book);
        }

        foreach (var day in (int[])[0, 1, 2])
            (await _world.CheckAsync(AuditWorld.Today.AddDays(day))).Findings.ShouldBeEmpty();
        (await _world.CheckAsync()).IsSealed.ShouldBeTrue();

        await RemoveAsync(AuditWorld.Today.AddDays(1));

        (await _world.CheckAsync(AuditWorld.Today.AddDays(2))).Findings.ShouldHaveSingleItem().ShouldContain("2026-11-23");
    }

    [Fact]
    public async Task A_day_of_which_the_end_was_cut_off_head_and_all_is_found_on_the_day_after()
    {
        var book = _world.Instance();
        await _world.AddAsync(3, book);
        _world.Clock.Now = World.Noon.AddDays(1);
        await _world.AddAsync(1, book);
        var rows = await _world.RowsAsync();
        var head = await _world.Table.GetEntityAsync<AuditHead>(BusinessDay.Key(AuditWorld.Today), AuditHead.RowKey);

        await _world.Table.DeleteEntityAsync(BusinessDay.Key(AuditWorld.Today), AuditRow.Key(3));
        await _world.Table.UpdateEntityAsync(head with { Seq = 2, Hash = rows[1].Hash }, head.Version, TableUpdateMode.Replace);

        (await _world.CheckAsync()).IsWhole.ShouldBeTrue("alone it looks whole");
        (await _world.CheckAsync(AuditWorld.Today.AddDays(1))).IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task An_audit_that_was_made_to_begin_anew_is_found_by_the_days_before()
    {
        await _world.AddAsync(2);
        await _world.Table.DeleteEntityAsync("days", "latest");
        _world.Clock.Now = World.Noon.AddDays(3);

        await _world.AddAsync(2);

        (await _world.CheckAsync(AuditWorld.Today.AddDays(3))).IsWhole.ShouldBeFalse();
    }

    [Fact]
    public async Task The_newest_day_that_was_removed_is_found_on_that_day_and_on_the_day_before()
    {
        var book = _world.Instance();
        await _world.AddAsync(2, book);
        _world.Clock.Now = World.Noon.AddDays(1);
        await _world.AddAsync(2, book);

        await RemoveAsync(AuditWorld.Today.AddDays(1));

        (await _world.CheckAsync()).Findings.ShouldHaveSingleItem().ShouldContain("2026-11-23");
        (await _world.CheckAsync(AuditWorld.Today.AddDays(1))).Findings.ShouldHaveSingleItem().ShouldContain("gone");
        await _world.Table.UpdateEntityAsync(new TableEntity("days", "latest") { ["Day"] = "20261122" }, ETag.All, TableUpdateMode.Replace);
        (await _world.CheckAsync(AuditWorld.Today.AddDays(1))).Findings.ShouldHaveSingleItem().ShouldContain("2026-11-22 was sealed for this day");
        (await _world.CheckAsync(AuditWorld.Today.AddDays(2))).Findings.ShouldBeEmpty("nothing says that there was such a day");
    }

    [Fact]
    public async Task An_end_that_was_cut_off_and_the_head_wound_back_is_found_by_the_instance_that_wrote_it()
    {
        var book = _world.Instance();
        await _world.AddAsync(5, book);
        await RewindAsync(to: 3);
        (await _world.CheckAsync()).IsWhole.ShouldBeTrue("alone it looks whole");

        await _world.AddAsync(4, book);

        (await _world.CheckAsync()).Findings.ShouldHaveSingleItem().ShouldStartWith("Entry 5 was kept");
        (await _world.CheckAsync(AuditWorld.Today.AddDays(1))).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_end_that_was_cut_off_before_the_turn_of_the_day_is_found_by_the_instance_that_wrote_it()
    {
        var book = _world.Instance();
        await _world.AddAsync(5, book);
        await RewindAsync(to: 3);
        _world.Clock.Now = World.Noon.AddDays(1);

        await _world.AddAsync(1, book);

        (await _world.CheckAsync()).Findings.ShouldHaveSingleItem().ShouldStartWith("Entry 5 was kept");
    }

    [Fact]
    public async Task A_day_that_is_being_written_is_not_called_broken()
    {
        await _world.AddAsync(3);
        var isWriting = false;
        _world.Tables.AfterOperation = async operation =>
        {
            // Between the head and the rows of every walk, others add some.
            if (isWriting || !operation.StartsWith("Audit.Get", StringComparison.Ordinal))
                return;
            isWriting = true;
            await _world.AddAsync(2);
            isWriting = false;
        };

        var verdict = await _world.CheckAsync();

        verdict.Findings.ShouldBeEmpty();
        _world.Tables.AfterOperation = null;
        (await _world.RowsAsync()).Count.ShouldBeGreaterThan((int)verdict.Entries);
    }

    [Fact]
    public async Task Entries_behind_the_last_one_are_found()
    {
        await _world.AddAsync(3);
        var rows = await _world.RowsAsync();

        await _world.Table.AddEntityAsync(rows[2] with { Seq = 4 });

        (await _world.CheckAsync()).Findings.ShouldHaveSingleItem().ShouldContain("Entry 4");
    }

    /// <summary>Takes the entries after one away, and makes the head say that it was the last.</summary>
    private async Task RewindAsync(int to)
    {
        var rows = await _world.RowsAsync();
        var head = await _world.Table.GetEntityAsync<AuditHead>(BusinessDay.Key(AuditWorld.Today), AuditHead.RowKey);
        foreach (var row in rows.Skip(to))
            await _world.Table.DeleteEntityAsync(BusinessDay.Key(AuditWorld.Today), AuditRow.Key(row.Seq));
        await _world.Table.UpdateEntityAsync(head with { Seq = to, Hash = rows[to - 1].Hash }, head.Version, TableUpdateMode.Replace);
    }

    private Task<ETag> ForgeAsync(AuditRow row, AuditEntry entry) => _world.Table.UpsertEntityAsync(
        row with { Entry = entry, Hash = AuditChain.Next(row.Previous, row.Day, row.Seq, entry) }, TableUpdateMode.Replace);

    private async Task RemoveAsync(DateOnly day)
    {
        var partition = BusinessDay.Key(day);
        foreach (var row in await _world.Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}")).ToListAsync())
            await _world.Table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
    }
}
