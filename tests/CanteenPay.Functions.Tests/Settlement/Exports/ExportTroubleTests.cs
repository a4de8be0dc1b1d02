using System.Text.Json;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Goal: many merchants, slow storage and a merchant whose files cannot be made keep nobody from theirs.</summary>
public sealed class ExportTroubleTests
{
    [Fact]
    public async Task However_slow_storage_is_each_run_makes_a_merchant_at_least_and_the_last_one_the_edition()
    {
        const int merchants = 8;
        using var desk = await DeskAsync(merchants);
        var (runs, names) = (0, 0);
        desk.World.Tables.BeforeOperation = operation =>
        {
            desk.World.Clock.MoveTo(desk.World.Clock.GetUtcNow().AddSeconds(40));
            names += operation.StartsWith("Merchants.", StringComparison.Ordinal) || operation.StartsWith("Distributors.", StringComparison.Ordinal) ? 1 : 0;
            return Task.CompletedTask;
        };

        while (await CompleteAsync(desk) is null)
        {
            (++runs).ShouldBeLessThanOrEqualTo(merchants + 1);
            await desk.RunAsync();
            (await desk.Editions.ListFilesAsync(SampleDay.Day, CancellationToken.None).CountAsync()).ShouldBe(Math.Min(runs, merchants));
            if (runs < merchants)
                desk.World.ServiceBus.Sent(SettlementQueue.Queue).Count.ShouldBe(runs, "each sends for the next");
        }

        runs.ShouldBeGreaterThan(merchants / 2);
        names.ShouldBeLessThanOrEqualTo(runs + 1, "names are read in one query a run, not by merchant");
        Index(desk, 1).Totals.Statements.ShouldBe(merchants);
    }

    [Fact]
    public async Task A_merchant_whose_files_cannot_be_made_is_missing_and_comes_with_the_next_edition()
    {
        using var desk = await DeskAsync(3);
        var missing = Merchant(1);
        desk.World.Tables.BeforeOperation = operation =>
            operation.Contains($"Put {missing}", StringComparison.Ordinal) ? throw new IOException("The disk is full.") : Task.CompletedTask;

        await desk.RunAsync();
        await desk.RunAsync();

        var index = Index(desk, 1);
        index.Missing.ShouldBe([missing]);
        index.Totals.Statements.ShouldBe(2);
        Opened.Csv(desk.Files.All["20261121/r1/settlement-20261121-r1.csv"]).Count.ShouldBe(3);
        (await desk.Editions.ListAsync(SampleDay.Day, CancellationToken.None)).ShouldHaveSingleItem("the same is missing as before");
        desk.World.Log.ShouldContain(line => line.StartsWith("2356 ", StringComparison.Ordinal) && line.Contains("The disk is full.", StringComparison.Ordinal));

        desk.World.Tables.BeforeOperation = null;
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        await desk.SweepTwiceAsync();
        await desk.PassAsync(TimeSpan.FromMinutes(1));

        (await CompleteAsync(desk))!.Number.ShouldBe(2);
        Index(desk, 2).Missing.ShouldBeEmpty();
        Index(desk, 2).Totals.Statements.ShouldBe(3);
    }

    [Fact]
    public async Task What_befalls_many_merchants_is_no_merchants_fault_and_fails_the_run()
    {
        using var desk = await DeskAsync(DayExport.MostUnmade + 1);
        desk.World.Tables.BeforeOperation = operation =>
            operation.StartsWith("files.Put", StringComparison.Ordinal) ? throw new IOException("Storage is gone.") : Task.CompletedTask;

        await Should.ThrowAsync<AggregateException>(() => desk.Export.RunAsync(SampleDay.Day, CancellationToken.None));

        (await desk.Editions.ListAsync(SampleDay.Day, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_was_put_before_a_kill_is_the_one_that_the_next_run_notes()
    {
        using var desk = await DeskAsync(1);
        var isDead = false;
        desk.World.Tables.AfterOperation = operation =>
        {
            isDead |= operation.EndsWith("MERCH000-20261121-r1.xlsx", StringComparison.Ordinal);
            return isDead ? throw new IOException("The process is gone.") : Task.CompletedTask;
        };
        await Should.ThrowAsync<IOException>(desk.RunAsync);
        desk.World.Tables.AfterOperation = null;
        var put = desk.Files.All.ToDictionary();
        put.Keys.ShouldBe(["20261121/merchants/MERCH000-20261121-r1.csv", "20261121/merchants/MERCH000-20261121-r1.xlsx"], ignoreOrder: true);
        (await desk.Editions.ListFilesAsync(SampleDay.Day, CancellationToken.None).CountAsync()).ShouldBe(0);

        await desk.RunAsync();

        foreach (var (path, bytes) in put)
        {
            desk.Files.All[path].ShouldBe(bytes, path);
            var noted = Index(desk, 1).Files.Single(file => path.EndsWith(file.Name, StringComparison.Ordinal));
            noted.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), path);
        }
    }

    private static MerchantId Merchant(int number) => MerchantId.Parse($"MERCH{number:D3}");

    private static Task<EditionRow?> CompleteAsync(ExportDesk desk) => desk.Editions.CompleteAsync(SampleDay.Day, CancellationToken.None);

    private static EditionIndex Index(ExportDesk desk, int edition) => JsonSerializer.Deserialize(
        desk.Files.All[new ExportName(ExportKind.Index, SampleDay.Day, edition, FileFormat.Json).Path], ExportsJson.Default.EditionIndex).ShouldNotBeNull();

    private static async Task<ExportDesk> DeskAsync(int merchants)
    {
        var desk = new ExportDesk();
        for (var number = 0; number < merchants; number++)
            await desk.SettleAsync(Merchant(number), [SampleDay.Payment(number, 1_000 + number, Merchant(number))]);
        await desk.World.DayIndex.MarkFannedOutAsync(SampleDay.Day, CancellationToken.None);
        return desk;
    }
}
