using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.Azure.Functions;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Azure.Tests.Functions;

public sealed class Payloads_survive_every_encoding
{
    [Fact]
    public void Any_JSON_survives_base64_and_the_hosts_double_encoding() => Prop.ForAll(Json(3).ToArbitrary(), payload =>
        Decode(Quote(Convert.ToBase64String(Encoding.UTF8.GetBytes(payload)))) == payload && Decode(Quote(Quote(payload))) == payload)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_object_or_array_survives_as_it_is_and_encoded_once() => Prop.ForAll(
        Json(3).Where(payload => payload[0] is '{' or '[').ToArbitrary(),
        payload => Decode(payload) == payload && Decode(Quote(payload)) == payload)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_survive_base64() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>().Filter(bytes => bytes is { Length: > 0 } && Convert.ToBase64String(bytes) != "null"),
        bytes => Read(Quote(Convert.ToBase64String(bytes))).ToArray().SequenceEqual(bytes))
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    [InlineData("\"\\\"\\\"\"")]
    public void Nothing_is_a_clear_error(string value) => Should.Throw<FunctionPayloadException>(() => Read(value)).Message.ShouldContain("empty");

    [Theory]
    [InlineData("null")]
    [InlineData("\"null\"")]
    public void Null_is_a_clear_error(string value) => Should.Throw<FunctionPayloadException>(() => Read(value)).Message.ShouldContain("null");

    [Theory]
    [InlineData("\"3.5\"", "3.5")]
    [InlineData("\"not base64!\"", "not base64!")]
    [InlineData("\"\\\"open\"", "\"open")]
    [InlineData("12", "12")]
    [InlineData("true", "true")]
    public void Other_text_stays_text(string value, string expected) => Decode(value).ShouldBe(expected);

    private static string Decode(string value) => Read(value).ToString();

    private static BinaryData Read(string value)
    {
        using var document = JsonDocument.Parse($$"""{"msg":{{value}}}""");
        return TriggerPayload.Read(document.RootElement, "msg");
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static Gen<string> Json(int depth) => Node(depth).Select(node => node?.ToJsonString() ?? "null");

    private static Gen<JsonNode?> Node(int depth)
    {
        var text = ArbMap.Default.GeneratorFor<string>().Select(value => value ?? "");
        var leaf = Gen.OneOf(
            text.Select(value => (JsonNode?)JsonValue.Create(value)),
            ArbMap.Default.GeneratorFor<long>().Select(value => (JsonNode?)JsonValue.Create(value)),
            ArbMap.Default.GeneratorFor<bool>().Select(value => (JsonNode?)JsonValue.Create(value)),
            Gen.Constant<JsonNode?>(null));
        if (depth == 0)
        {
            return leaf;
        }

        var inner = Node(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.ArrayOf().Select(items => (JsonNode?)new JsonArray([.. items.Select(Fresh)])),
            text.Zip(inner).ArrayOf().Select(items => (JsonNode?)new JsonObject(items.DistinctBy(item => item.Item1).Select(item => KeyValuePair.Create(item.Item1, Fresh(item.Item2))))));
    }

    // A node has one parent; generators may hand out the same one twice.
    private static JsonNode? Fresh(JsonNode? node) => node?.DeepClone();
}
