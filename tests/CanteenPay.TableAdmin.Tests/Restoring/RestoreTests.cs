using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Homes;
using CanteenPay.Functions.Tests;
using CanteenPay.Functions.Tests.Copies;
using CanteenPay.Protocol;

namespace CanteenPay.TableAdmin.Tests.Restoring;

/// <summary>Business, a copy, a disaster: the copy's rows come back, row for row, and nothing else is touched.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task A_table_that_was_deleted_comes_back_row_for_row()
    {
        var (rig, empty) = (await RestoreRig.WithACopyAsync(), new InMemoryTableService());

        await rig.RunAsync("Orders", empty);
        rig.Said.ShouldSatisfyAllConditions(said => said.ShouldContain("缺 missing 1"), said => said.ShouldContain("Nothing was written"));
        await rig.RunAsync("Orders --write", empty);

        (await rig.LinesAsync("Orders", empty)).ShouldBe(await rig.LinesAsync("Orders"));
        (await rig.LinesAsync("Orders")).Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task By_default_it_only_looks_and_never_says_a_value()
    {
        var rig = await RestoreRig.WithACopyAsync();
        var rows = await rig.RowsAsync("Orders");
        await rig.DeleteAsync("Orders", rows[3]);
        await rig.SpoilAsync("Orders", rows[5], "Fen", 123_456_789L);
        await rig.SpoilAsync("Orders", rows[9], "Phone", "13800005678");
        await rig.Tables.GetTableClient("Orders").AddEntityAsync(new TableEntity("NEW", "1"));
        var before = await rig.LinesAsync("Orders");
        rig.Tables.BeforeOperation = operation => operation.Contains(".Query", StringComparison.Ordinal) || operation.Contains(".Get", StringComparison.Ordinal)
            ? Task.CompletedTask
            : throw new InvalidOperationException($"It wrote: {operation}");

        (await rig.RunAsync("Orders")).ShouldBe(0);

        rig.Tables.BeforeOperation = null;
        (await rig.LinesAsync("Orders")).ShouldBe(before);
        rig.Said.ShouldSatisfyAllConditions(
            said => said.ShouldContain($"缺 missing 1, 同 equal {rows.Count - 3}, 异 different 2"),
            said => said.ShouldContain($"{rows[5].PartitionKey} / {rows[5].RowKey}: Fen"),
            said => said.ShouldContain($"{rows[9].PartitionKey} / {rows[9].RowKey}: Phone"),
            said => said.ShouldContain("Only in the table, they stay: 1"),
            said => said.ShouldNotContain("123456789"),
            said => said.ShouldNotContain("13800005678"),
            said => said.ShouldNotContain("第一行"));
    }

    [Fact]
    public async Task Where_a_merchant_lives_is_not_said_by_a_copy_that_is_older_than_its_move()
    {
        var rig = new RestoreRig();
        var (merchant, cards) = (MerchantId.Parse("DEVMERCH"), rig.Tables.GetTableClient(HomeMark.Table));
        var before = new HomeMark(merchant, "main", IsHere: true, DateTimeOffset.UnixEpoch);
        await cards.AddEntityAsync(before);
        await cards.AddEntityAsync(new TableEntity(merchant.Value, "account-1") { ["Fen"] = 1L });
        await rig.Copies.CopyAsync();
        await cards.UpsertEntityAsync(before with { LivesIn = "east", IsHere = false }, TableUpdateMode.Replace);
        await cards.UpsertEntityAsync(new TableEntity(merchant.Value, "account-1") { ["Fen"] = 2L }, TableUpdateMode.Replace);

        (await rig.RunAsync("Cards --replace --yes")).ShouldBe(0);

        (await cards.GetEntityAsync<HomeMark>(merchant.Value, HomeMark.Row)).ShouldSatisfyAllConditions(mark => mark.IsHere.ShouldBeFalse(), mark => mark.LivesIn.ShouldBe("east"));
        (await cards.GetEntityAsync<TableEntity>(merchant.Value, "account-1")).GetInt64("Fen").ShouldBe(1);
    }

    [Fact]
    public async Task Writing_adds_what_is_missing_and_nothing_else()
    {
        var rig = await RestoreRig.WithACopyAsync();
        var rows = await rig.RowsAsync("Orders");
        foreach (var row in rows.Take(60))
            await rig.DeleteAsync("Orders", row);
        await rig.SpoilAsync("Orders", rows[70], "Fen", 1L);
        await rig.Tables.GetTableClient("Orders").AddEntityAsync(new TableEntity("NEW", "1"));
        var spoiled = (await rig.RowsAsync("Orders")).Single(row => row.PartitionKey == rows[70].PartitionKey && row.RowKey == rows[70].RowKey);

        await rig.RunAsync("Orders --write");

        (await rig.LinesAsync("Orders")).ShouldBe(rows.Select((row, number) => CopyRig.Line(number == 70 ? spoiled : row)).Append("""{"PartitionKey":"NEW","RowKey":"1"}"""), ignoreOrder: true);
        rig.Said.ShouldContain("Added: 60");
        (await rig.RunAsync("Orders --write")).ShouldBe(0);
        rig.Said.ShouldContain("Added: 0");
    }

    [Fact]
    public async Task A_sum_that_a_bad_hand_changed_is_set_back_also_one_of_another_type_and_a_column_too_many()
    {
        var rig = await RestoreRig.WithACopyAsync();
        var (rows, before) = (await rig.RowsAsync("Orders"), await rig.LinesAsync("Orders"));
        await rig.SpoilAsync("Orders", rows[0], "Fen", 1L);
        await rig.SpoilAsync("Orders", rows[1], "Fen", $"{rows[1]["Fen"]}");
        await rig.SpoilAsync("Orders", rows[2], "More", true);
        await rig.DeleteAsync("Orders", rows[4]);

        await rig.RunAsync("Orders --replace --yes");

        (await rig.LinesAsync("Orders")).ShouldBe(before);
        rig.Said.ShouldContain("Added or set back: 4");
    }

    [Theory]
    [InlineData("--write")]
    [InlineData("--replace --yes")]
    public async Task Killed_before_or_after_any_write_and_begun_again_it_ends_the_same(string mode)
    {
        var source = await RestoreRig.WithACopyAsync(120);
        var expected = await source.LinesAsync("Orders");
        foreach (var isBefore in (bool[])[true, false])
        {
            var step = 1;
            for (; step < 500; step++)
            {
                var to = new InMemoryTableService();
                await to.GetTableClient("Orders").CreateIfNotExistsAsync();
                var rows = await source.RowsAsync("Orders");
                // Every third row is there, of these every second one spoiled, unless what is there must stay.
                foreach (var (number, row) in rows.Index().Where(row => row.Index % 3 == 0))
                    await to.GetTableClient("Orders").AddEntityAsync(number % 2 == 0 && mode != "--write" ? new TableEntity(row.PartitionKey, row.RowKey) { ["Fen"] = 1L } : row);
                var (taken, isKilled) = (0, false);
                Task Kill(string operation)
                {
                    if (!operation.Contains(".Transaction", StringComparison.Ordinal) || ++taken != step)
                        return Task.CompletedTask;
                    isKilled = true;
                    throw new Killed(operation);
                }

                to.BeforeOperation = isBefore ? Kill : null;
                to.AfterOperation = isBefore ? null : Kill;
                try
                {
                    await source.RunAsync($"Orders {mode}", to);
                }
                catch (Killed)
                {
                    (to.BeforeOperation, to.AfterOperation) = (null, null);
                    await source.RunAsync($"Orders {mode}", to);
                }

                (await source.LinesAsync("Orders", to)).ShouldBe(expected, $"write {step}");
                if (!isKilled)
                    break;
            }

            step.ShouldBeGreaterThan(20, "writes were killed one by one");
        }
    }

    [Fact]
    public async Task Of_one_merchant_all_its_partitions_come_back_and_no_other_row()
    {
        var rig = new RestoreRig();
        var table = rig.Tables.GetTableClient("Orders");
        string[] its = ["CCCCCCCC", "CCCCCCCC-20261121", "CCCCCCCC-20261122"], others = ["0", "BZZZZZZZ", "CCCCCCCB-20261122", "CCCCCCCD", "CCCCCCCC.", "CCCCCCCCC", "ZZ"];
        foreach (var partition in its.Concat(others))
        {
            for (var i = 0; i < 9; i++)
                await table.AddEntityAsync(new TableEntity(partition, $"{i}"));
        }

        await rig.Copies.CopyAsync();
        foreach (var row in await rig.RowsAsync("Orders"))
            await rig.DeleteAsync("Orders", row);
        await table.AddEntityAsync(new TableEntity(its[0], "later"));
        await table.AddEntityAsync(new TableEntity(others[0], "later"));
        var read = new List<string>();
        rig.Copies.Files.BeforeOperation = operation =>
        {
            read.Add(operation);
            return Task.CompletedTask;
        };

        await rig.RunAsync("Orders --merchant CCCCCCCC --write");

        (await rig.RowsAsync("Orders")).Select(row => row.PartitionKey).Distinct().ShouldBe([others[0], .. its]);
        rig.Said.ShouldSatisfyAllConditions(said => said.ShouldContain("Added: 27"), said => said.ShouldContain("they stay: 1"));
        read.Where(operation => operation.StartsWith("copies.Read", StringComparison.Ordinal) && operation.EndsWith(".gz", StringComparison.Ordinal)).Distinct().Count()
            .ShouldBeLessThan(7, "parts in which it cannot be are not fetched");

        await rig.RunAsync($"Orders --partition {others[2]} --write");
        (await rig.RowsAsync("Orders")).Select(row => row.PartitionKey).Distinct().ShouldBe([others[0], others[2], .. its], ignoreOrder: true);
    }

    [Fact]
    public async Task Rows_that_somebody_writes_meanwhile_stay_as_they_are()
    {
        var rig = await RestoreRig.WithACopyAsync(60);
        var rows = await rig.RowsAsync("Orders");
        foreach (var row in rows)
            await rig.DeleteAsync("Orders", row);
        var raced = false;
        rig.Tables.BeforeOperation = async operation =>
        {
            if (raced || !operation.Contains(".Transaction", StringComparison.Ordinal))
                return;
            raced = true;
            await rig.SpoilAsync("Orders", rows[0], "Fen", 5L);
        };

        await rig.RunAsync("Orders --write");

        var there = await rig.RowsAsync("Orders");
        there.Count.ShouldBe(rows.Count);
        there[0].GetInt64("Fen").ShouldBe(5);
        there.Skip(1).Select(CopyRig.Line).ShouldBe(rows.Skip(1).Select(CopyRig.Line));
    }
}
