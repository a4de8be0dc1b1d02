using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd;

/// <summary>What the local cloud's collector was sent about one payment, by OTLP, from the machine and from the function app's processes.</summary>
internal static class PaymentTrace
{
    /// <summary>What happens in every payment, by name.</summary>
    private static readonly string[] Expected =
    [
        "press cloud pay", "send pay-request", "process pay-request", "swiftpass create", "send pay-qr", "process pay-qr", "process notification", "book payment",
        "send pay-result", "process pay-result", "speak", "send pay-result-ack", "process pay-result-ack",
    ];

    /// <summary>Waits until all of it came, sees that it is one tree from the key press on, and keeps that tree as text.</summary>
    public static async Task IsOneTreeAsync(LocalStack stack, string order)
    {
        JsonArray spans = [];
        await Eventually.TrueAsync(
            async () => !Expected.Except((spans = JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(stack.Status, $"/traces/{order}.json")))!.AsArray()).Select(Name)).Any(),
            TimeSpan.FromSeconds(30),
            () => $"of order {order}, {string.Join(", ", Expected.Except(spans.Select(Name)))} were not traced; there are {string.Join(", ", spans.Select(Name))}");

        var text = await stack.Http.GetStringAsync(new Uri(stack.Status, $"/traces/{order}"));
        spans.Select(span => Text(span, "traceId")).Distinct().ShouldHaveSingleItem(text);
        var root = spans.Where(span => Text(span, "parentId").Length == 0).ShouldHaveSingleItem(text);
        Name(root).ShouldBe("press cloud pay");
        var known = spans.Select(span => Text(span, "spanId")).ToHashSet();
        spans.Where(span => span != root && !known.Contains(Text(span, "parentId"))).ShouldBeEmpty(text);
        spans.Where(span => span!["failed"]!.GetValue<bool>()).ShouldBeEmpty(text);
        spans.Single(span => Name(span) == "process pay-qr")!["events"]!.AsArray().Select(Name).ShouldBe(["qr shown"]);
        Pictures.Keep("one-payment-trace.txt", text);
    }

    private static string Name(JsonNode? part) => Text(part, "name");

    private static string Text(JsonNode? part, string field) => part![field]!.GetValue<string>();
}
