using System.Text.Json.Serialization;
using CanteenPay.LocalCloud.Composition;
using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Otlp;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Status;

/// <summary>Everything the status page shows.</summary>
internal sealed record CloudStatus(
    CloudAddresses Addresses,
    DinersStatus Diners,
    IReadOnlyList<PartStatus> Parts,
    FunctionsHostStatus Functions,
    IReadOnlyList<QueueStatus> Queues,
    FaultsStatus Faults,
    SortedDictionary<string, long> Operations);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CloudStatus))]
internal sealed partial class CloudStatusJson : JsonSerializerContext;
