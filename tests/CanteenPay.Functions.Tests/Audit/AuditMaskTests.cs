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
    [InlineData("""{"contact":{"city":"Xiamen","phone":"13812345678"},"city":"Xiamen"}""", """{"contact":{"city":"Xiamen","phone":"***"},"city":"***"}""")]
    [InlineData("""{"shares":[{"basisPoints":10,"distributorId":"X"}],"tags":["a",1,null]}""", """{"shares":[{"basisPoints":10,"distributorId":"***"}],"tags":["a",1,null]}""")]
    [InlineData("""{"AMOUNT":100,"Contact":{"City":"Xiamen"}}""", """{"AMOUNT":100,"Contact":{"City":"Xiamen"}}""")]
    [InlineData("""{"amount":{"secret":1},"tags":true}""", """{"amount":{"secret":"***"},"tags":true}""")]
    [InlineData("""{"11010519491231002X":1,"amount":true}""", """{"***":"***","amount":true}""")]
    [InlineData(""" "11010519491231002X" """, "\"***\"")]
    [InlineData("[1,2]", """["***","***"]""")]
    [InlineData("null", null)]
    [InlineData("", null)]
    public void Only_values_of_the_fields_that_were_named_are_written(string body, string? masked)
    {
        AuditMask.TryOf(Encoding.UTF8.GetBytes(body), Safe, out var written).ShouldBeTrue();
        written.ShouldBe(masked);
    }

    [Theory]
    [InlineData("\"staff\"", true)]
    [InlineData("\"subsidy-2026-11\"", true)]
    [InlineData("\"2026-11-22\"", true)]
    [InlineData("\"2026-11-22T04:30:00.125Z\"", true)]
    [InlineData("\"261122DEVMERCHDEVMACH10123456789\"", true)]
    [InlineData("\"11111111-0000-4000-8000-00000000000a\"", true)]
    [InlineData("9999999999", true)]
    [InlineData("-1.5", true)]
    [InlineData("\"张三\"", false)]
    [InlineData("\"Zhang San\"", false)]
    [InlineData("\"13812345678\"", false)]
    [InlineData("\"138-1234-5678\"", false)]
    [InlineData("\"11010519491231002X\"", false)]
    [InlineData("\"110105-19491231-002X\"", false)]
    [InlineData("\"6228480402564890018\"", false)]
    [InlineData("13812345678", false)]
    [InlineData("6228480402564890018", false)]
    [InlineData("1.10105194912310", false)]
    public void Even_in_a_field_that_was_named_only_words_short_ids_and_small_numbers_are_written(string value, bool isWritten)
    {
        AuditMask.TryOf(Encoding.UTF8.GetBytes($$"""{"amount":{{value}}}"""), Safe, out var written).ShouldBeTrue();

        written.ShouldBe($$"""{"amount":{{(isWritten ? value : "\"***\"")}}}""");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("11010519491231002X")]
    [InlineData("""{"amount":1,"amount":"11010519491231002X"}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]")]
    [InlineData("""{"amount":1,"Amount":100}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"amount":"\ud800"}""")]
    public void What_the_audit_cannot_read_as_everybody_would_is_refused(string body)
    {
        AuditMask.TryOf(Encoding.UTF8.GetBytes(body), Safe, out _).ShouldBeFalse();
    }

    [Fact]
    public void Names_that_are_no_UTF_8_are_refused()
    {
        AuditMask.TryOf((byte[])[.. "{\""u8, 0xFF, 0xFE, .. "\":1}"u8], Safe, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Nothing_is_hidden_behind_a_hundred_fields_of_rubbish(int fields, bool isRead)
    {
        var body = new JsonObject(Enumerable.Range(0, fields - 1).Select(number => KeyValuePair.Create($"x{number}", (JsonNode?)1)).Append(new("amount", 100)));

        AuditMask.TryOf(Encoding.UTF8.GetBytes(body.ToJsonString()), Safe, out var written).ShouldBe(isRead);
        if (isRead)
            written!.ShouldContain("\"amount\":100");
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
        var body = $$"""{"amount":"{{new string('x', 300)}}","tags":[{{string.Join(',', Enumerable.Repeat($"\"{new string('y', 60)}\"", 500))}}]}""";

        AuditMask.TryOf(Encoding.UTF8.GetBytes(body), Safe, out var masked).ShouldBeTrue();

        masked!.Length.ShouldBe(4_001);
        masked.ShouldStartWith("""{"amount":"***","tags":["yyy""");
    }
}
