using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Homes;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Tests.Copies;

/// <summary>Goal: a copy has every row that existed all the while, once, whatever happens meanwhile. Method: parts of seven rows, messages that fail, double and die.</summary>
public sealed class CopyingTests
{
    private const int MoreThanTheCopy = 1000;

    [Fact]
    public async Task Every_row_of_every_table_of_every_account_is_in_the_copy_once_and_in_order()
    {
        var rig = new CopyRig(hasSecondAccount: true);
        await rig.FillAsync(1, 900);
        await rig.FillAsync(2, 300, HomedTables.Books, rig.Others);

        await rig.CopyAsync();

        foreach (var table in CopiedTables.All)
            rig.Copied(table).ShouldBe(await CopyRig.LinesAsync(rig.Tables, table), table);
        foreach (var table in HomedTables.Books)
            rig.Copied(table, account: CopyRig.Second).ShouldBe(await CopyRig.LinesAsync(rig.Others, table), table);
        rig.Files.All.Keys.Count(name => name.EndsWith("-00002.jsonl.gz", StringComparison.Ordinal)).ShouldBeGreaterThan(5, "slices had several parts");
        rig.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_list_holds_every_table_that_the_app_has_and_the_second_account_has_those_of_merchants()
    {
        CopiedTables.All.ShouldBe(World.TableNames, ignoreOrder: true);
        CopiedTables.Of(isMain: true).Select(table => table.Table).ShouldBe(CopiedTables.All);
        CopiedTables.Of(isMain: false).Select(table => table.Table).ShouldBe(HomedTables.Books);

        var rig = new CopyRig(hasSecondAccount: true);
        await rig.CopyAsync();
        var copy = (await rig.Catalog.FindAsync(CopyRig.Night, CancellationToken.None)).ShouldNotBeNull();
        (copy.IsComplete, copy.Rows, copy.Plan.Tables.Count, copy.Done.Count).ShouldBe((true, 0, 19, (8 * CopiedTables.Slices) + 11));
    }

    [Fact]
    public void A_partition_is_in_one_slice_whatever_it_is_called()
    {
        var random = new Random(5);
        foreach (var slices in (int[])[1, 2, 4, 8, 16, 32])
        {
            for (var i = 0; i < 500; i++)
            {
                var partition = new string([.. Enumerable.Range(0, random.Next(4)).Select(_ => (char)random.Next(' ', 'z'))]);
                Enumerable.Range(0, slices).Count(slice => CopiedTables.Range(slice, slices) is var (from, end)
                    && (from is null || string.CompareOrdinal(partition, from) >= 0) && (end is null || string.CompareOrdinal(partition, end) < 0)).ShouldBe(1, $"'{partition}' of {slices}");
            }
        }
    }

    [Fact]
    public async Task It_says_that_it_is_complete_when_the_last_slice_is_and_not_before()
    {
        var rig = new CopyRig();
        await rig.FillAsync(3, 200);
        await rig.Start.BeginAsync(CopyRig.Night, rig.Clock.GetUtcNow(), CancellationToken.None);
        while (rig.ServiceBus.Waiting(CopyQueue.Queue).Count > 1)
            await rig.DeliverAsync(rig.ServiceBus.TakeDue(CopyQueue.Queue)!.Body);
        rig.Log.ShouldNotContain(line => line.Contains("complete", StringComparison.Ordinal));
        (await rig.Catalog.FindAsync(CopyRig.Night, CancellationToken.None))!.Missing.ShouldHaveSingleItem();

        await rig.DrainAsync();

        rig.Log[^1].ShouldBe("1912 Nightly copy 2026-11-23 is complete: copied 200 rows of 15 tables");
        await rig.CopyAsync("2026-11-23T0312");
        rig.Log[^1].ShouldBe("1913 Extra copy 2026-11-23T0312 is complete: copied 200 rows of 15 tables");
        (await rig.Catalog.ListAsync(CancellationToken.None)).Select(copy => (copy.Plan.Label, copy.IsComplete, copy.Rows)).ShouldBe([(CopyRig.Night, true, 200), ("2026-11-23T0312", true, 200)]);
    }

    [Fact]
    public async Task A_message_that_comes_again_later_changes_no_file_and_goes_on_from_the_same_row()
    {
        var rig = new CopyRig();
        await rig.FillAsync(4, 400, ["Orders", "Audit"]);
        await rig.CopyAsync();
        var (before, sent) = (Names(rig), rig.ServiceBus.Sent(CopyQueue.Queue).ToList());
        // What was written since would be in other parts.
        await rig.FillAsync(99, 200, ["Orders", "Audit"]);

        foreach (var message in sent)
            await rig.DeliverAsync(message.Body);
        await rig.DrainAsync();

        Names(rig).ShouldBe(before);
        rig.ServiceBus.Sent(CopyQueue.Queue).Select(message => message.MessageId).ShouldBe(sent.Select(message => message.MessageId), "nothing new was sent for: the chain has no fork");
        rig.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_who_copy_the_same_part_at_once_one_stands_and_both_go_on_from_it()
    {
        var rig = new CopyRig();
        for (var i = 0; i < 20; i++)
            await rig.Tables.GetTableClient("Audit").AddEntityAsync(new TableEntity("p", $"{i:D2}"));
        var message = new CopyMessage(CopyRig.Night, TableAccounts.Main, "Audit", 0, 1, CopyRig.HalfPastOne);
        rig.Files.BeforeOperation = operation =>
        {
            // The other one saw fewer rows in its time, and is the first to write.
            if (operation.StartsWith("copies.Put", StringComparison.Ordinal))
                rig.Files.All.TryAdd(message.Place.Part(0), (BinaryData.FromString("its"), new CopyPart(5, "its", new("p", "04")).ToMetadata()));
            return Task.CompletedTask;
        };

        await rig.Function.RunAsync(message, CancellationToken.None);

        rig.Files.All[message.Place.Part(0)].Content.ToString().ShouldBe("its");
        rig.ServiceBus.Sent(CopyQueue.Queue).ShouldHaveSingleItem().Body.ToString().ShouldContain("""
            "part":1,"after":{"partition":"p","row":"04"},"rows":5
            """);
    }

    [Fact]
    public async Task Killed_after_any_step_the_copy_ends_with_the_same_files()
    {
        var expected = await KilledAsync(0, out _);
        expected.Count.ShouldBeGreaterThan(20);

        var step = 1;
        for (; step < MoreThanTheCopy; step++)
        {
            var files = await KilledAsync(step, out var killed);
            if (!killed())
                break;
            files.ShouldBe(expected, $"killed after I/O {step}");
        }

        step.ShouldBeInRange(80, MoreThanTheCopy - 1, "the copy took its steps, and each was the last of a process once");

        static Task<IReadOnlyList<string>> KilledAsync(int step, out Func<bool> killed)
        {
            var rig = new CopyRig();
            rig.FillAsync(6, 150, ["Orders", "Audit"]).GetAwaiter().GetResult();
            // What stands is what is copied: a small copy has every kind of step.
            rig.Catalog.BeginAsync(new(CopyRig.Night, CopyRig.HalfPastOne, [new(TableAccounts.Main, "Orders", 4), new(TableAccounts.Main, "Audit", 1)]), CancellationToken.None).GetAwaiter().GetResult();
            killed = rig.KillAfter(step);
            return RunAsync(rig);
        }

        static async Task<IReadOnlyList<string>> RunAsync(CopyRig rig)
        {
            await rig.BeginUntilBegunAsync();
            await rig.DrainAsync();
            rig.KillNobody();
            rig.Parked.ShouldBeEmpty();
            rig.Failures.Count.ShouldBeLessThanOrEqualTo(1);
            (await rig.Catalog.FindAsync(CopyRig.Night, CancellationToken.None))!.IsComplete.ShouldBeTrue();
            rig.Log.ShouldContain(line => line.StartsWith("1912 ", StringComparison.Ordinal));
            return Names(rig);
        }
    }

    [Fact]
    public async Task While_business_goes_on_rows_that_are_there_all_the_while_are_copied_once_and_none_twice()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var rig = new CopyRig();
            await rig.FillAsync(seed, 200, ["Orders", "Cards"]);
            var table = rig.Tables.GetTableClient("Orders");
            var stay = (await CopyRig.LinesAsync(rig.Tables, "Orders")).Select(line => line).ToHashSet();
            var (random, busy) = (new Random(seed), false);
            rig.Tables.AfterOperation = async operation =>
            {
                if (busy || !operation.StartsWith("Orders.Query", StringComparison.Ordinal))
                    return;
                busy = true;
                var rows = await table.QueryAsync<TableEntity>().ToListAsync();
                var gone = rows[random.Next(rows.Count)];
                await table.DeleteEntityAsync(gone.PartitionKey, gone.RowKey);
                stay.Remove(CopyRig.Line(gone));
                await rig.FillAsync(random.Next(), 3, ["Orders"]);
                busy = false;
            };
            rig.Tables.RowsScannedPerPage = 5;

            await rig.CopyAsync();

            var copied = rig.Copied("Orders");
            stay.Except(copied).ShouldBeEmpty($"seed {seed}");
            copied.Select(line => (RowText.Read(System.Text.Encoding.UTF8.GetBytes(line)) is var row) ? (row.PartitionKey, row.RowKey) : default).ShouldBeUnique($"seed {seed}");
        }
    }

    [Fact]
    public async Task A_part_ends_by_its_bytes_and_by_its_time_too()
    {
        var byBytes = new CopyRig(new(1000, 500, TimeSpan.MaxValue));
        var byTime = new CopyRig(new(1000, long.MaxValue, TimeSpan.FromSeconds(60)));
        byTime.Tables.RowsScannedPerPage = 1;
        foreach (var rig in (CopyRig[])[byBytes, byTime])
            await rig.FillAsync(8, 60, ["Audit"]);
        byTime.Tables.BeforeOperation = _ =>
        {
            byTime.Clock.MoveTo(byTime.Clock.GetUtcNow() + TimeSpan.FromSeconds(10));
            return Task.CompletedTask;
        };

        foreach (var rig in (CopyRig[])[byBytes, byTime])
        {
            await rig.CopyAsync();
            var parts = rig.Files.All.Where(file => file.Key.Contains("/Audit/00-", StringComparison.Ordinal)).Select(file => CopyPart.Read(file.Key, file.Value.Metadata)).ToList();
            parts.Count.ShouldBeGreaterThan(8);
            parts.SkipLast(1).ShouldAllBe(part => part.Rows >= 1 && part.Rows < 10 && part.Next != null);
            rig.Copied("Audit").ShouldBe(await CopyRig.LinesAsync(rig.Tables, "Audit"));
        }
    }

    [Fact]
    public async Task A_chain_that_cannot_go_on_waits_is_parked_and_goes_on_when_it_is_sent_again()
    {
        var rig = new CopyRig();
        await rig.FillAsync(9, 300);
        var isAway = true;
        rig.Tables.BeforeOperation = operation => isAway && operation.StartsWith("Shares.", StringComparison.Ordinal)
            ? throw new RequestFailedException(503, "ServerBusy")
            : Task.CompletedTask;

        await rig.CopyAsync();

        (rig.Clock.GetUtcNow() - CopyRig.HalfPastOne).ShouldBe(new TimeSpan(0, 21, 10), "it waited four times");
        var parked = rig.Parked.ShouldHaveSingleItem();
        rig.Failures.Count.ShouldBe(10);
        rig.Log.Count(line => line.StartsWith("1914 ", StringComparison.Ordinal)).ShouldBe(4);
        (await rig.Catalog.FindAsync(CopyRig.Night, CancellationToken.None))!.Missing.ShouldHaveSingleItem().Table.ShouldBe("Shares");

        isAway = false;
        await rig.DeliverAsync(parked);
        await rig.DrainAsync();

        (await rig.Catalog.FindAsync(CopyRig.Night, CancellationToken.None))!.IsComplete.ShouldBeTrue();
        rig.Log[^1].ShouldBe("1912 Nightly copy 2026-11-23 is complete: copied 300 rows of 15 tables");
        ParkedSender.CanSend(new(CopyRig.HalfPastOne, CopyQueue.Queue, "id", "reason", parked)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_copy_holds_what_was_said_when_it_began()
    {
        var rig = new CopyRig();
        await rig.CopyAsync();
        var later = new CopyStart(
            new TableAccounts(new Dictionary<string, TableServiceClient> { [TableAccounts.Main] = rig.Tables, [CopyRig.Second] = rig.Others }), rig.Catalog, new(rig.ServiceBus, rig.Clock), rig);

        (await later.BeginAsync(CopyRig.Night, CopyRig.HalfPastOne.AddHours(1), CancellationToken.None)).Tables.ShouldAllBe(table => table.Account == TableAccounts.Main);
        (await later.BeginAsync("2026-11-23T0230", CopyRig.HalfPastOne.AddHours(1), CancellationToken.None)).Tables.Count.ShouldBe(19);
    }

    private static IReadOnlyList<string> Names(CopyRig rig) =>
        [.. rig.Files.All.Select(file => $"{file.Key} {string.Join(' ', file.Value.Metadata.Values)} {(file.Key.EndsWith(".gz", StringComparison.Ordinal) ? Convert.ToHexString(file.Value.Content.ToArray()) : "")}")];
}
