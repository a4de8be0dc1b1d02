using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Exports.Files;

namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>The JSON of exports: the index, what is delivered, what is answered and what rows hold.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EditionIndex))]
[JsonSerializable(typeof(EditionTotals))]
[JsonSerializable(typeof(List<StoredFile>))]
[JsonSerializable(typeof(FilesView))]
[JsonSerializable(typeof(EditionNotice))]
internal sealed partial class ExportsJson : JsonSerializerContext;
