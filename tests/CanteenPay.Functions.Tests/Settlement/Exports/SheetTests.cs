using System.IO.Compression;
using System.Text;
using CanteenPay.Functions.Settlement.Exports.Sheets;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Goal: a file says what the sheet says, whatever stands in it. Method: written by us, read by CsvHelper and by the Open XML SDK.</summary>
public sealed class SheetTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 4, 5, 6, 789, TimeSpan.Zero);

    private static readonly string[] OddTexts =
    [
        "示范食堂（东区）", "😀🍜 emoji", "say \"hi\", twice", "two\nlines", "two\r\nlines", " spaces ", "a,b;c\td", "\u0001\u0007 bell", "half \uD83D", "\uDE00 half", "_x0041_ _x_",
        "]]> & <b>", new string('长', 40_000), "\uFFFE\uFFFF", "1E5", "000123", "'quoted",
    ];

    private static readonly string[] Dangers = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a", "=HYPERLINK(\"http://x\",\"y\")"];

    [Fact]
    public async Task Any_text_comes_out_of_a_file_as_it_went_in()
    {
        foreach (var text in OddTexts)
            await ComesOutAsync(text);
    }

    private static async Task ComesOutAsync(string text)
    {
        var sheet = Sheet([Cell.Of(text), Cell.Of(new Fen(-1_205)), Cell.Of(7), Cell.Of(new DateOnly(2026, 11, 21)), Cell.Of(At), Cell.OfBasisPoints(60)]);

        var csv = Opened.Csv(await Opened.CsvAsync(sheet));
        var xlsx = Opened.Xlsx(await Opened.XlsxAsync(sheet)).Single().Cells;

        csv.Count.ShouldBe(2);
        csv[1].ShouldBe([Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), "-12.05", "7", "2026-11-21", "2026-11-21 12:05:06", "0.60%"]);
        var held = XlsxText.Holdable(text.Length > 32_767 ? text[..32_767] : text);
        Decoded(xlsx["A2"].Text).ShouldBe(held.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_dates_and_rates_are_numbers_to_a_spreadsheet_program()
    {
        var cells = Opened.Xlsx(await Opened.XlsxAsync(Sheet([Cell.Of("a"), Cell.Of(new Fen(-1_205)), Cell.Of(7), Cell.Of(new DateOnly(2026, 11, 21)), Cell.Of(At), Cell.OfBasisPoints(38)]))).Single().Cells;

        cells["A1"].Text.ShouldBe("文本 Text");
        (cells["B2"].Number, cells["C2"].Number, cells["F2"].Number).ShouldBe((-12.05m, 7m, 0.0038m));
        DateTime.FromOADate((double)cells["D2"].Number).ShouldBe(new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Unspecified));
        DateTime.FromOADate((double)cells["E2"].Number).ShouldBe(new DateTime(2026, 11, 21, 12, 5, 6, DateTimeKind.Unspecified));
    }

    [Fact]
    public async Task No_text_is_a_formula_to_a_spreadsheet_program_and_no_number_is_touched()
    {
        foreach (var text in Dangers)
            await IsGuardedAsync(text);
    }

    private static async Task IsGuardedAsync(string text)
    {
        var sheet = Sheet([Cell.Of(text), Cell.Of(new Fen(-5)), Cell.Of(-5), Cell.Empty, Cell.Empty, Cell.Empty]);

        var csv = Opened.Csv(await Opened.CsvAsync(sheet));
        var xlsx = Opened.Xlsx(await Opened.XlsxAsync(sheet)).Single().Cells;

        csv[1].ShouldBe(["'" + text, "-0.05", "-5", "", "", ""]);
        xlsx["A2"].IsText.ShouldBeTrue();
        xlsx["A2"].Formula.ShouldBeNull();
    }

    [Fact]
    public async Task A_csv_file_begins_with_a_byte_order_mark_and_ends_each_record_with_cr_lf()
    {
        var bytes = await Opened.CsvAsync(Sheet(Row("a", 1), Row("b", 2)));

        bytes[..3].ShouldBe(Encoding.UTF8.Preamble.ToArray());
        Encoding.UTF8.GetString(bytes[3..]).ShouldBe("文本 Text,金额 Money,数量 Integer,日期 Date,时间 Time,费率 Percent\r\na,0.01,,,,\r\nb,0.02,,,,\r\n");
    }

    [Fact]
    public async Task The_same_sheet_gives_the_same_bytes_whenever_it_is_written()
    {
        Sheet Make() => Sheet([.. Enumerable.Range(0, 100).Select(number => Row($"第{number}", number))]);
        var xlsx = await Opened.XlsxAsync(Make());

        (await Opened.XlsxAsync(Make())).ShouldBe(xlsx);
        (await Opened.CsvAsync(Make())).ShouldBe(await Opened.CsvAsync(Make()));
        using var archive = new ZipArchive(new MemoryStream(xlsx));
        archive.Entries.Select(entry => entry.LastWriteTime.DateTime).Distinct().ShouldBe([new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)]);
    }

    [Theory]
    [InlineData(0, 10, 1)]
    [InlineData(1, 10, 1)]
    [InlineData(7, 10, 1)]
    [InlineData(6, 3, 2)]
    [InlineData(7, 3, 3)]
    public async Task Totals_are_formulas_that_come_to_what_we_say_also_over_several_pages(int rows, int mostRows, int pageCount)
    {
        // 0.10 + 0.20 is not 0.30 in binary fractions.
        var pages = Opened.Xlsx(await Opened.XlsxAsync(Sheet([.. Enumerable.Range(1, rows).Select(number => Row("x", number * 10, number))]), mostRows));

        pages.Count.ShouldBe(pageCount);
        var (_, last) = pages[^1];
        var total = rows == 0 ? 2 : rows - mostRows * (pageCount - 1) + 2;
        last[$"A{total}"].Text.ShouldBe("合计 Total");
        foreach (var (column, expected) in (IEnumerable<(string, decimal)>)[("B", rows * (rows + 1) / 2 * 0.10m), ("C", rows * (rows + 1) / 2)])
        {
            last[$"{column}{total}"].Number.ShouldBe(expected);
            if (rows > 0)
                Opened.Reckoned(pages, last, last[$"{column}{total}"].Formula.ShouldNotBeNull()).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task A_row_that_does_not_fit_the_columns_is_refused()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => Opened.CsvAsync(Sheet([Cell.Of("a")])));
        await Should.ThrowAsync<InvalidOperationException>(() => Opened.XlsxAsync(Sheet([Cell.Of(1), Cell.Empty, Cell.Empty, Cell.Empty, Cell.Empty, Cell.Empty])));
    }

    [Theory]
    [InlineData(0, "A")]
    [InlineData(25, "Z")]
    [InlineData(26, "AA")]
    [InlineData(701, "ZZ")]
    [InlineData(702, "AAA")]
    public void Columns_are_named_as_spreadsheet_programs_do(int column, string name) => XlsxText.ColumnName(column).ShouldBe(name);

    private static Cell[] Row(string text, long fen, long? number = null) =>
        [Cell.Of(text), Cell.Of(new Fen(fen)), number is { } count ? Cell.Of(count) : Cell.Empty, Cell.Empty, Cell.Empty, Cell.Empty];

    private static Sheet Sheet(params Cell[][] rows) => new(
        "表",
        [
            new("文本", "Text", ColumnKind.Text), new("金额", "Money", ColumnKind.Money) { IsSummed = true }, new("数量", "Integer", ColumnKind.Integer) { IsSummed = true },
            new("日期", "Date", ColumnKind.Date), new("时间", "Time", ColumnKind.Time), new("费率", "Percent", ColumnKind.Percent),
        ],
        rows.ToAsyncEnumerable<IReadOnlyList<Cell>>());

    /// <summary>The SDK hands out the format's own escapes as they stand.</summary>
    private static string Decoded(string text) => text.Replace("_x005F_", "_", StringComparison.Ordinal);
}
