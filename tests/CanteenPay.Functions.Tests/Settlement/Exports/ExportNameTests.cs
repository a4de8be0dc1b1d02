using CanteenPay.Functions.Settlement.Exports.Files;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Names of files: whatever a caller writes is one of ours, to the letter, or nothing.</summary>
public sealed class ExportNameTests
{
    [Theory]
    [InlineData("settlement-20261121-r1.csv", "20261121/r1/settlement-20261121-r1.csv")]
    [InlineData("settlement-20261121-r12.xlsx", "20261121/r12/settlement-20261121-r12.xlsx")]
    [InlineData("shares-20261121-r1.csv", "20261121/r1/shares-20261121-r1.csv")]
    [InlineData("shares-DSTR1BTR-20261121-r3.xlsx", "20261121/r3/shares-DSTR1BTR-20261121-r3.xlsx")]
    [InlineData("cards-20261121-r1.xlsx", "20261121/r1/cards-20261121-r1.xlsx")]
    [InlineData("index-20261121-r1.json", "20261121/r1/index-20261121-r1.json")]
    [InlineData("DEVMERCH-20261121-r2.html", "20261121/merchants/DEVMERCH-20261121-r2.html")]
    public void A_name_is_read_and_says_where_the_file_lies(string text, string path)
    {
        ExportName.TryParse(text, out var name).ShouldBeTrue();
        name.ToString().ShouldBe(text);
        name.Path.ShouldBe(path);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../settlement-20261121-r1.csv")]
    [InlineData("20261121/r1/settlement-20261121-r1.csv")]
    [InlineData("settlement-20261121-r1.csv\n")]
    [InlineData("settlement-20261121-r1.csv/..")]
    [InlineData("settlement-20261121-r01.csv")]
    [InlineData("settlement-20261121-r0.csv")]
    [InlineData("settlement-20261121-r9999999.csv")]
    [InlineData("settlement-20261321-r1.csv")]
    [InlineData("settlement-２０２６1121-r1.csv")]
    [InlineData("settlement-20261121-r1.CSV")]
    [InlineData("settlement-20261121-r1.html")]
    [InlineData("settlement-20261121-r1.json")]
    [InlineData("SETTLEMENT-20261121-r1.csv")]
    [InlineData("index-20261121-r1.csv")]
    [InlineData("shares-20261121-r1.html")]
    [InlineData("shares-DSTRIBTR-20261121-r1.csv")]
    [InlineData("DEVMERCH-20261121-r1.json")]
    [InlineData("devmerch-20261121-r1.csv")]
    [InlineData("DEVMERCH-20261121-r1.csv%00")]
    public void What_is_not_a_name_of_ours_is_nothing(string? text) => ExportName.TryParse(text, out _).ShouldBeFalse();
}
