using System.Globalization;
using System.Text.Json.Nodes;

namespace CanteenPay.Benchmarks.Cost;

/// <summary>LocalCloud's counters since the last reset, in the units that Azure charges for.</summary>
internal static class Bill
{
    private const string TablesTotal = "tables total";

    /// <summary>A Markdown table; the sums come first, what they are made of after them.</summary>
    /// <param name="before">The status at the reset, which does not reach the counters of functions.</param>
    /// <param name="status">The status now.</param>
    /// <param name="what">What was done.</param>
    /// <param name="times">How often.</param>
    public static void Print(JsonNode before, JsonNode status, string what, int times)
    {
        var invoked = Invocations(before).ToDictionary(function => function.Name, function => function.Invocations);
        var operations = status["operations"]!.AsObject().ToDictionary(row => row.Key, row => row.Value!.GetValue<long>());
        var queues = status["queues"]!.AsArray().Select(queue => (Name: Text(queue, "name"), Delivered: Number(queue!["counts"], "delivered"))).Where(queue => queue.Delivered > 0).ToList();
        var functions = Invocations(status).Select(function => (function.Name, Invocations: function.Invocations - invoked[function.Name])).Where(function => function.Invocations > 0).ToList();
        Console.WriteLine($"\n| {times} {what} | in all | for each |\n| --- | --- | --- |");
        Row("**function invocations**", functions.Sum(function => function.Invocations));
        foreach (var (name, invocations) in functions)
            Row(name, invocations);
        Row("**table operations**", operations.GetValueOrDefault(TablesTotal));
        foreach (var (name, count) in operations.Where(row => row.Key.StartsWith("tables ", StringComparison.Ordinal) && row.Key != TablesTotal))
            Row(name, count);
        Row("**queue: sent by the app**", operations.GetValueOrDefault("serviceBus send"));
        Row("**queue: sent by the router**", operations.GetValueOrDefault("mqtt routed to a queue"));
        Row("**queue: delivered**", queues.Sum(queue => queue.Delivered));
        foreach (var (name, delivered) in queues)
            Row(name, delivered);
        Row("**MQTT: published by the app**", operations.GetValueOrDefault("mqtt publish over HTTP"));

        void Row(string name, long count) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {count} | {(double)count / times:F2} |"));
    }

    private static IEnumerable<(string Name, long Invocations)> Invocations(JsonNode status) =>
        status["functions"]!["functions"]!.AsArray().Select(function => (Name: Text(function, "name"), Invocations: Number(function, "invocations")));

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();

    private static long Number(JsonNode? node, string name) => node![name]!.GetValue<long>();
}
