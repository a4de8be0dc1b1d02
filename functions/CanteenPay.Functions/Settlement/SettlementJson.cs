using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Functions.Settlement.Views;

namespace CanteenPay.Functions.Settlement;

/// <summary>
/// The JSON of settlement. What it writes of a statement is the statement's canonical form: fields in the order of their declaration, no spaces, nothing left out but null, no time of
/// making. Equal statements have equal bytes, and the other way round.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Statement))]
[JsonSerializable(typeof(CardTotals))]
[JsonSerializable(typeof(List<FieldChange>))]
[JsonSerializable(typeof(DayView))]
[JsonSerializable(typeof(MerchantDayView))]
internal sealed partial class SettlementJson : JsonSerializerContext;
