using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Goal: a day's files are all there or not there, agree with the statements, and are the same whatever happened on the way.</summary>
public sealed class DayExportTests
{
    private const int MoreThanAnyRun = 200;

    [Fact]
    public async Task A_settled_day_gives_files_that_agree_with_its_statements_and_an_index_with_their_sums()
    {
        using var desk = await DeskAsync();

        await desk.RunAsync();

        var edition = (await desk.Editions.CompleteAsync(SampleDay.Day, CancellationToken.None)).ShouldNotBeNull();
        edition.Number.ShouldBe(1);
        var index = Index(desk, 1);
        (index.State, index.Missing, index.Totals).ShouldBe(("provisional", index.Missing, edition.Totals));
        index.Missing.ShouldBeEmpty();
        index.Files.Select(file => file.Name).ShouldBe([
            "settlement-20261121-r1.csv", "settlement-20261121-r1.xlsx", "shares-20261121-r1.csv", "shares-20261121-r1.xlsx", "cards-20261121-r1.csv", "cards-20261121-r1.xlsx",
            "shares-DSTR1BTR-20261121-r1.csv", "shares-DSTR1BTR-20261121-r1.xlsx", "0THERMCH-20261121-r1.csv", "0THERMCH-20261121-r1.xlsx", "0THERMCH-20261121-r1.html",
            "DEVMERCH-20261121-r1.csv", "DEVMERCH-20261121-r1.xlsx", "DEVMERCH-20261121-r1.html"]);
        foreach (var file in index.Files)
        {
            var bytes = desk.Files.All[PathOf(file.Name)];
            (file.Bytes, file.Sha256).ShouldBe((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), file.Name);
        }

        desk.Files.All.Count.ShouldBe(index.Files.Count + 1);
        var statements = Opened.Csv(desk.Files.All[PathOf("settlement-20261121-r1.csv")]);
        Sum(statements, "应结金额 Payable").ShouldBe(edition.Totals.Payable.Value / 100m);
        Sum(statements, "银行分成 Bank").ShouldBe(
            Sum(statements, "手续费 Fee") - Sum(statements, "退还手续费 Fee returned") - Sum(statements, "经销商分成 Distributors") - Sum(statements, "平台分成 Platform"));
        Sum(Opened.Csv(desk.Files.All[PathOf("shares-DSTR1BTR-20261121-r1.csv")]), "分润 Share").ShouldBe(Sum(statements, "经销商分成 Distributors"));
        statements[2][1].ShouldBe("示范食堂");
        foreach (var (name, bytes) in desk.Files.All.Where(file => file.Key.EndsWith(".xlsx", StringComparison.Ordinal)))
            Opened.Xlsx(bytes).ShouldHaveSingleItem(name);
        foreach (var word in (string[])["银行", "平台", "Bank", "Platform", "经销商分成"])
            Encoding.UTF8.GetString(desk.Files.All[PathOf("shares-DSTR1BTR-20261121-r1.csv")]).ShouldNotContain(word);
    }

    [Fact]
    public async Task The_same_content_is_the_same_edition_and_another_revision_the_next()
    {
        using var desk = await DeskAsync();
        await desk.RunAsync();
        var first = desk.Files.All.ToDictionary();

        await desk.RunAsync();
        desk.Files.All.Keys.ShouldBe(first.Keys.Order(StringComparer.Ordinal));

        await desk.SettleAsync(World.Merchant, [SampleDay.Payment(900, 5_000)]);
        await desk.RunAsync();

        var second = (await desk.Editions.CompleteAsync(SampleDay.Day, CancellationToken.None)).ShouldNotBeNull();
        second.Number.ShouldBe(2);
        Index(desk, 2).Files.Select(file => file.Name).ShouldContain("DEVMERCH-20261121-r2.csv");
        Index(desk, 2).Files.Select(file => file.Name).ShouldContain("0THERMCH-20261121-r1.csv", "a merchant that did not change keeps its files");
        foreach (var (path, bytes) in first)
            desk.Files.All[path].ShouldBe(bytes, $"{path} was read by somebody");
    }

    [Fact]
    public async Task A_day_that_is_settled_anew_elsewhere_gives_the_same_bytes()
    {
        using var desk = await DeskAsync();
        using var other = await DeskAsync();
        await desk.RunAsync();
        await other.PassAsync(TimeSpan.FromMinutes(7));

        await other.RunAsync();

        other.Files.All.Keys.ShouldBe(desk.Files.All.Keys);
        foreach (var (path, bytes) in desk.Files.All)
            other.Files.All[path].ShouldBe(bytes, path);
    }

    [Fact]
    public async Task Files_wait_for_merchants_that_are_being_settled_but_not_for_one_that_cannot_be()
    {
        using var desk = await DeskAsync();
        await desk.IndexAsync(World.Merchant, row => row with { IsDue = true });

        await desk.RunAsync();
        desk.Files.All.ShouldBeEmpty();

        await desk.IndexAsync(World.Merchant, row => row with { Failure = "Its terms are missing." });
        await desk.RunAsync();

        Index(desk, 1).Missing.ShouldBe([World.Merchant]);
        Opened.Csv(desk.Files.All[PathOf("settlement-20261121-r1.csv")]).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_merchant_whose_postings_are_not_those_of_its_statement_is_settled_again_first()
    {
        using var desk = await DeskAsync();
        await desk.PostAsync(World.Merchant, [SampleDay.Payment(901, 1)]);

        await desk.RunAsync();

        (await desk.Editions.CompleteAsync(SampleDay.Day, CancellationToken.None)).ShouldBeNull();
        desk.Files.All.Keys.ShouldNotContain(path => path.Contains("DEVMERCH", StringComparison.Ordinal));
        var sent = desk.World.ServiceBus.Waiting(SettlementQueue.Queue).Select(message => JsonSerializer.Deserialize(message.Body, FunctionsJson.Default.SettlementMessage)!);
        sent.ShouldHaveSingleItem().ShouldBe(new(SettlementTask.Settle, SampleDay.Day) { Merchant = World.Merchant, Run = "export-1" });
        (await desk.World.Get<DayIndex>().FindAsync(SampleDay.Day, World.Merchant, CancellationToken.None))!.IsDue.ShouldBeTrue();
    }

    [Fact]
    public async Task A_day_that_goes_on_has_no_files()
    {
        using var desk = await DeskAsync();

        await desk.Export.RunAsync(BusinessDay.Of(desk.World.Clock.GetUtcNow()), CancellationToken.None);

        desk.Files.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_killed_after_any_step_ends_like_one_that_was_not()
    {
        var (expected, _) = await EndAsync(MoreThanAnyRun);
        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanAnyRun; killAfter++)
        {
            var (end, happened) = await EndAsync(killAfter);
            if (!happened)
                break;
            steps = killAfter;
            end.ShouldBe(expected, $"killed after I/O {killAfter}");
        }

        steps.ShouldBeInRange(30, MoreThanAnyRun - 1);
    }

    private static async Task<(string End, bool Happened)> EndAsync(int killAfter)
    {
        using var desk = await DeskAsync(payments: 3);
        var happened = desk.World.KillAfter(killAfter);
        await desk.RunAsync();
        await desk.PassAsync(TimeSpan.FromMinutes(10));
        var isKilled = happened();
        desk.World.NobodyIsKilled();
        desk.World.HandlerIsDead = false;
        var edition = await desk.Editions.CompleteAsync(SampleDay.Day, CancellationToken.None);
        var open = await new DeliveryStore(desk.World.Tables).ListOpenAsync(CancellationToken.None).CountAsync();
        var delivery = await desk.DeliveryAsync();
        var end = new StringBuilder($"edition {edition?.Number} {edition?.Digest} {edition?.Totals}; {delivery?.State}, {open} open;");
        foreach (var told in desk.Told.Distinct())
            end.Append(CultureInfo.InvariantCulture, $" {told.Event} {told.Body.Length}");
        foreach (var (path, bytes) in desk.Files.All)
            end.Append(CultureInfo.InvariantCulture, $"\n{path} {Convert.ToHexStringLower(SHA256.HashData(bytes))}");
        return (end.ToString(), isKilled);
    }

    private static async Task<ExportDesk> DeskAsync(int payments = 30)
    {
        var desk = new ExportDesk();
        await desk.SettleAsync(World.Merchant, SampleDay.Postings(payments));
        await desk.SettleAsync(World.OtherMerchant, SampleDay.Postings(payments, seed: 2, World.OtherMerchant));
        return desk;
    }

    private static EditionIndex Index(ExportDesk desk, int edition) =>
        JsonSerializer.Deserialize(desk.Files.All[PathOf($"index-20261121-r{edition}.json")], ExportsJson.Default.EditionIndex).ShouldNotBeNull();

    private static string PathOf(string name)
    {
        ExportName.TryParse(name, out var read).ShouldBeTrue(name);
        return read.Path;
    }

    private static decimal Sum(List<string[]> records, string heading)
    {
        var column = Array.IndexOf(records[0], heading);
        column.ShouldBeGreaterThanOrEqualTo(0, heading);
        return records.Skip(1).Sum(record => decimal.Parse(record[column], CultureInfo.InvariantCulture));
    }
}
