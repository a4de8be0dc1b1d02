using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Faults;

/// <summary>The faults as <c>GET /faults</c> and the status page show them. <c>Total</c> is the sum of all counts.</summary>
internal sealed record FaultsStatus(int Seed, long Total, IReadOnlyDictionary<string, HopStatus> Hops);

/// <summary>One hop. <c>Seen</c> counts what passed while faults were set; <c>Counts</c>, by fault, what was done to it.</summary>
internal sealed record HopStatus(string Title, HopSettings Settings, long Seen, IReadOnlyDictionary<string, long> Counts);

/// <summary>What <c>PUT /faults</c> takes.</summary>
internal sealed record FaultsOrder(IReadOnlyDictionary<string, HopSettings> Hops, int? Seed = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(FaultsStatus))]
[JsonSerializable(typeof(FaultsOrder))]
[JsonSerializable(typeof(HopSettings))]
internal sealed partial class FaultJson : JsonSerializerContext;
