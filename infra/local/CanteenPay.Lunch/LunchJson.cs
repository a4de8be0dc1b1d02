using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CanteenPay.Lunch.Cards;
using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch;

/// <summary>What the lunch reads and writes. Fields that it does not know are ignored: it is a guest of those whose JSON this is.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ScreenView))]
[JsonSerializable(typeof(Endpoints))]
[JsonSerializable(typeof(Walked))]
[JsonSerializable(typeof(CloudView))]
[JsonSerializable(typeof(BankOrderView))]
[JsonSerializable(typeof(List<BankOrderView>))]
[JsonSerializable(typeof(OurOrderView))]
[JsonSerializable(typeof(List<OurOrderView>))]
[JsonSerializable(typeof(List<OurRefundView>))]
[JsonSerializable(typeof(RefundRequest))]
[JsonSerializable(typeof(MachineDay))]
[JsonSerializable(typeof(CardAccountPage))]
[JsonSerializable(typeof(LoopView))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class LunchJson : JsonSerializerContext;
