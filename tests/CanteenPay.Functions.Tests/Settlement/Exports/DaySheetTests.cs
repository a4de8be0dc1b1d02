using System.Globalization;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>The sheets of a whole day: what stands in them is what the totals say, and whoever reads one sees what is theirs.</summary>
public sealed class DaySheetTests
{
    [Fact]
    public async Task Card_totals_have_sixteen_columns_and_add_up_in_both_formats()
    {
        ExportedCards[] cards = [new(Totals(World.Merchant, 1) with { Balance = new(500), IsLoopClosed = true }, 2, "示范食堂"), new(Totals(World.OtherMerchant, 7), 1, "别的食堂")];

        var records = Opened.Csv(await Opened.CsvAsync(CardSheet.Make(cards.ToAsyncEnumerable())));
        var pages = Opened.Xlsx(await Opened.XlsxAsync(CardSheet.Make(cards.ToAsyncEnumerable())));

        records.ShouldAllBe(record => record.Length == 16);
        records[1].ShouldBe(["DEVMERCH", "示范食堂", "2026-11-21", "2", "10.00", "20.00", "3", "4.00", "0.50", "0.60", "0.70", "-0.20", "25.00", "9", "5.00", "相符 agrees"]);
        records[2][14..].ShouldBe(["", ""]);
        var cells = pages.Single().Cells;
        for (var column = 4; column < 14; column++)
        {
            var total = cells[$"{(char)('A' + column)}4"];
            total.Number.ShouldBe(records.Skip(1).Sum(record => decimal.Parse(record[column], CultureInfo.InvariantCulture)), records[0][column]);
            Opened.Reckoned(pages, cells, total.Formula.ShouldNotBeNull()).ShouldBe(total.Number, records[0][column]);
        }
    }

    [Fact]
    public async Task Card_money_of_a_day_is_in_its_edition()
    {
        using var desk = new ExportDesk();
        await desk.SettleAsync(World.Merchant, SampleDay.Postings(3));
        var row = CardTotalsRow.After(null, Totals(World.Merchant, 1), desk.World.Clock.GetUtcNow());
        (await desk.World.Get<StatementStore>().TryAddAsync(row, CancellationToken.None)).ShouldBeTrue();
        await desk.IndexAsync(World.Merchant, indexed => indexed with { CardRevision = 1 });

        await desk.RunAsync();

        Opened.Csv(desk.Files.All["20261121/r1/cards-20261121-r1.csv"])[1][..5].ShouldBe(["DEVMERCH", "示范食堂", "2026-11-21", "1", "10.00"]);
    }

    [Fact]
    public async Task A_former_distributor_sees_what_its_share_is_of_and_nothing_of_what_came_since()
    {
        var earlier = SampleDay.Payment(2, 8_000) with { PaidDay = new(2026, 11, 10), RateBasisPoints = 60 };
        var exported = SampleDay.Statement([SampleDay.Payment(1, 10_000), SampleDay.Refund(earlier, 3_000)]);
        var shares = exported.Statement.DistributorParts.Select(part => ExportedShare.Make(exported, part, "")).ToList();

        var records = Opened.Csv(await Opened.CsvAsync(DaySheets.Shares(shares.ToAsyncEnumerable()))).ToDictionary(record => record[0]);

        records[SampleDay.OtherDistributor.Value][6..8].ShouldBe(["0.00", "30.00"]);
        records[SampleDay.Distributor.Value][6..8].ShouldBe(["100.00", "30.00"]);
    }

    private static CardTotals Totals(MerchantId merchant, int times) => new()
    {
        Merchant = merchant,
        Day = SampleDay.Day,
        TopUps = new(1_000 * times),
        Subsidies = new(2_000 * times),
        DebitCount = 3 * times,
        Debits = new(400 * times),
        Reversals = new(50 * times),
        Payouts = new(60 * times),
        Expiries = new(70 * times),
        Corrections = new(-20 * times),
        Change = new(2_500 * times),
        MealCount = 9 * times,
    };
}
