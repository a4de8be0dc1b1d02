using System.Globalization;
using System.Text;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>What a merchant is given: it agrees with the statement, and shows nothing of who earns the fee.</summary>
public sealed class MerchantFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(137)]
    public async Task The_orders_of_a_day_add_up_to_its_statement_in_both_formats(int payments)
    {
        var postings = SampleDay.Postings(payments, seed: payments);
        var statement = SampleDay.Statement(postings).Statement;

        var records = Opened.Csv(await Opened.CsvAsync(OrdersSheet.Make(postings.ToAsyncEnumerable())));
        var pages = Opened.Xlsx(await Opened.XlsxAsync(OrdersSheet.Make(postings.ToAsyncEnumerable())));

        records.Count.ShouldBe(1 + statement.PaymentCount + statement.RefundCount);
        var cells = pages.Single().Cells;
        foreach (var (name, said) in (IEnumerable<(string, Fen)>)[
            ("收款金额 Paid", statement.Gross), ("退款金额 Refunded", statement.Refunds), ("手续费 Fee", statement.Fee), ("退还手续费 Fee returned", statement.FeeReturned),
            ("净额 Net", statement.Payable)])
        {
            var column = Array.IndexOf(records[0], name);
            var yuan = said.Value / 100m;
            records.Skip(1).Sum(record => record[column].Length == 0 ? 0 : decimal.Parse(record[column], CultureInfo.InvariantCulture)).ShouldBe(yuan, name);
            var total = cells[$"{(char)('A' + column)}{records.Count + 1}"];
            total.Number.ShouldBe(yuan, name);
            if (payments > 0)
                Opened.Reckoned(pages, cells, total.Formula.ShouldNotBeNull()).ShouldBe(yuan, name);
        }
    }

    [Fact]
    public async Task A_file_that_does_not_agree_with_the_statement_is_found_out()
    {
        var postings = SampleDay.Postings(20);
        var statement = SampleDay.Statement(postings).Statement;
        using var output = new MemoryStream();
        var sums = await Functions.Settlement.Exports.Sheets.CsvSheet.WriteAsync(OrdersSheet.Make(postings.ToAsyncEnumerable()), output, CancellationToken.None);

        OrdersSheet.Difference(sums, statement).ShouldBeNull();
        OrdersSheet.Difference(sums, statement with { FeeReturned = statement.FeeReturned + new Fen(1) }).ShouldNotBeNull().ShouldContain("Fee returned");
        OrdersSheet.Difference(sums, statement with { RefundCount = statement.RefundCount + 1 }).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_adjustment_and_a_late_payment_say_what_they_are_and_to_which_day_they_belong()
    {
        var late = SampleDay.Payment(1, 1_000) with { IsLate = true };
        var adjusted = SampleDay.Payment(2, 2_000) with { Key = PostingKeys.Adjusted("pay-x"), EventDay = new(2026, 11, 19), PaidDay = new(2026, 11, 19) };

        var records = Opened.Csv(await Opened.CsvAsync(OrdersSheet.Make(new[] { adjusted, late }.ToAsyncEnumerable())));

        records[1][^1].ShouldBe("调账 adjustment");
        records[1][Array.IndexOf(records[0], "所属日 Belongs to")].ShouldBe("2026-11-19");
        records[2][^1].ShouldBe("迟到 late");
    }

    [Fact]
    public async Task A_printed_statement_shows_what_is_owed_and_nothing_of_who_earns_the_fee()
    {
        var exported = SampleDay.Statement(SampleDay.Postings(200), carriedIn: -1_234);
        var statement = exported.Statement;

        var page = await PageAsync(exported);

        page.ShouldContain("商户结算单");
        page.ShouldContain("@page{size:A4");
        foreach (var amount in (Fen[])[statement.Gross, statement.Payable, statement.CarriedIn, statement.PaidOut])
            page.Replace(",", "", StringComparison.Ordinal).ShouldContain($">{amount}<".Replace($">{statement.PaidOut}<", $"{statement.PaidOut}<", StringComparison.Ordinal));
        page.ShouldContain("签章");
        page.ShouldContain(statement.PostingsDigest);
        page.ShouldNotContain(statement.BankPart.ToString());
        page.ShouldNotContain(SampleDay.Distributor.Value);
        foreach (var word in (string[])["银行", "分成", "分润", "平台", "Bank", "Distributor", "Platform"])
            page.ShouldNotContain(word);
        (await PageAsync(exported)).ShouldBe(page);
    }

    [Fact]
    public async Task A_printed_statement_needs_nothing_beside_it_and_runs_nothing_that_a_name_says()
    {
        var page = await PageAsync(SampleDay.Statement([], "<script>alert(1)</script>\"'&\u0001 食堂😀"));

        page.ShouldNotContain("<script");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\uFFFD 食堂&#128512;");
        page.ShouldNotContain("http");
        page.ShouldNotContain("url(");
        page.ShouldNotContain("src=");
    }

    private static async Task<string> PageAsync(ExportedStatement exported)
    {
        using var output = new MemoryStream();
        await MerchantPage.WriteAsync(exported, output, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
