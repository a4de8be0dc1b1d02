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
        // Two programs send, each in its own time: a span may come before the one that it hangs below.
        await Eventually.TrueAsync(
            async () => !Expected.Except((spans = await SpansAsync(stack, order)).Select(Name)).Any() && !Orphans(spans).Any(),
            TimeSpan.FromSeconds(30),
            () => $"of order {order}, {string.Join(", ", Expected.Except(spans.Select(Name)))} were not traced, and {string.Join(", ", Orphans(spans).Select(Name))} hang below nothing");

        var text = await stack.Http.GetStringAsync(new Uri(stack.Status, $"/traces/{order}"));
        spans.Select(span => Text(span, "traceId")).Distinct().ShouldHaveSingleItem(text);
        var root = spans.Where(span => Text(span, "parentId").Length == 0).ShouldHaveSingleItem(text);
        Name(root).ShouldBe("press cloud pay");
        spans.Where(span => span!["failed"]!.GetValue<bool>()).ShouldBeEmpty(text);
        spans.Where(span => Name(span) == "process pay-qr").SelectMany(span => span!["events"]!.AsArray()).Select(Name).ShouldBe(["qr shown"], "once, however often it was sent");
        Pictures.Keep("one-payment-trace.txt", text);
    }

    /// <summary>Waits until the status page tells how long that payment's diner waited, as the machine measured it.</summary>
    public static Task IsMeasuredAsync(LocalStack stack)
    {
        JsonNode? diners = null;
        return Eventually.TrueAsync(
            async () => (diners = (await stack.StatusAsync())["diners"]!)["pressToQr"]!["count"]!.GetValue<long>() > 0 && diners["paidToVoice"]!["count"]!.GetValue<long>() > 0,
            TimeSpan.FromSeconds(20),
            () => $"the status page does not tell how long diners wait: {diners}");
    }

    private static async Task<JsonArray> SpansAsync(LocalStack stack, string order) =>
        JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(stack.Status, $"/traces/{order}.json")))!.AsArray();

    private static IEnumerable<JsonNode?> Orphans(JsonArray spans)
    {
        var known = spans.Select(span => Text(span, "spanId")).ToHashSet();
        return spans.Where(span => Text(span, "parentId") is { Length: > 0 } parent && !known.Contains(parent));
    }

    private static string Name(JsonNode? part) => Text(part, "name");

    private static string Text(JsonNode? part, string field) => part![field]!.GetValue<string>();
}
