using System.Text;
using CanteenPay.Functions.Audit;

namespace CanteenPay.Functions.Tests.Audit;

/// <summary>What of a body may stand in the audit.</summary>
public sealed class AuditMaskTests
{
    private static readonly SafeFields Safe = new(["amount", "contact.city", "shares.basisPoints", "tags"]);

    [Theory]
    [InlineData("""{"amount":100,"reason":"张三 13812345678"}""", """{"amount":100,"reason":"***"}""")]
    [InlineData("""{"contact":{"city":"厦门","phone":"13812345678"},"city":"厦门"}""", """{"contact":{"city":"厦门","phone":"***"},"city":"***"}""")]
    [InlineData("""{"shares":[{"basisPoints":10,"distributorId":"X"}],"tags":["a",1,null]}""", """{"shares":[{"basisPoints":10,"distributorId":"***"}],"tags":["a",1,null]}""")]
    [InlineData("""{"amount":{"secret":1},"tags":true}""", """{"amount":{"secret":"***"},"tags":true}""")]
    [InlineData("""{"11010519491231002X":1,"amount":true}""", """{"***":"***","amount":true}""")]
    [InlineData(""" "11010519491231002X" """, "\"***\"")]
    [InlineData("[1,2]", """["***","***"]""")]
    [InlineData("null", null)]
    [InlineData("", null)]
    public void Only_values_of_the_fields_that_were_named_are_written(string body, string? masked)
    {
        AuditMask.Of(Encoding.UTF8.GetBytes(body), Safe).ShouldBe(masked);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("11010519491231002X")]
    [InlineData("""{"amount":1,"amount":"11010519491231002X"}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]")]
    public void What_cannot_be_read_is_only_counted(string body)
    {
        AuditMask.Of(Encoding.UTF8.GetBytes(body), Safe).ShouldBe($$"""{"bytes":{{body.Length}}}""");
    }

    [Fact]
    public void What_is_too_long_is_cut()
    {
        var body = $$"""{"amount":"{{new string('x', 300)}}","tags":[{{string.Join(',', Enumerable.Repeat($"\"{new string('y', 150)}\"", 500))}}]}""";

        var masked = AuditMask.Of(Encoding.UTF8.GetBytes(body), Safe)!;

        masked.Length.ShouldBe(4_001);
        masked.ShouldStartWith("""{"amount":"***","tags":["yyy""");
    }
}
