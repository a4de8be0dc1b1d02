using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Audit;
using FsCheck;
using FsCheck.Fluent;

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
    public void Nothing_of_any_body_is_written_but_what_was_named()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var masked = AuditMask.Of(Any(random, 4), new SafeFields(["open", "name.open"]));

            return masked is null || !masked.Contains("510", StringComparison.Ordinal) && !masked.Contains('张');
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Any JSON, with a secret in every value and in some names.</summary>
    private static JsonNode? Any(Random random, int depth) => random.Next(depth <= 0 ? 3 : 6) switch
    {
        0 => JsonValue.Create("11010519491231002X"),
        1 => JsonValue.Create(11010519491231.5),
        2 => JsonValue.Create("张三"),
        3 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(random, depth - 1))]),
        _ => new JsonObject(Names(random).Select(name => KeyValuePair.Create(name, name == "open" ? JsonValue.Create("seen") : Any(random, depth - 1)))),
    };

    private static IEnumerable<string> Names(Random random) => new[] { "open", "name", "张三", "51049", "name.open", "" }.Where(_ => random.Next(2) == 0);

    [Fact]
    public void What_is_too_long_is_cut()
    {
        var body = $$"""{"amount":"{{new string('x', 300)}}","tags":[{{string.Join(',', Enumerable.Repeat($"\"{new string('y', 150)}\"", 500))}}]}""";

        var masked = AuditMask.Of(Encoding.UTF8.GetBytes(body), Safe)!;

        masked.Length.ShouldBe(4_001);
        masked.ShouldStartWith("""{"amount":"***","tags":["yyy""");
    }
}
