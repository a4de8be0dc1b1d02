using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>Entries and accounts as they stand in the database: the same text as in messages.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CardEntry))]
[JsonSerializable(typeof(CardAccount))]
[JsonSerializable(typeof(MachineSettings))]
internal sealed partial class CardJson : JsonSerializerContext;
