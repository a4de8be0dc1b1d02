using System.Collections.Concurrent;

namespace CanteenPay.LocalCloud.Status;

/// <summary>How often what was done, since the start or the last reset; names sort into groups by their first word.</summary>
internal sealed class Counters
{
    internal const string MqttPublish = "mqtt publish over HTTP";
    internal const string MqttRouted = "mqtt routed to a queue";
    internal const string MqttUndeliverable = "mqtt undeliverable";
    internal const string MqttSessionEnded = "mqtt session ended at its limit";
    internal const string ServiceBusSend = "serviceBus send";
    internal const string TableRequest = "tables total";

    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    internal void Count(string operation) => _counts.AddOrUpdate(operation, 1, (_, count) => count + 1);

    internal SortedDictionary<string, long> Read() => new(_counts, StringComparer.Ordinal);

    internal void Reset() => _counts.Clear();
}
