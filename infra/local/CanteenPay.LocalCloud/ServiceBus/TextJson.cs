using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.ServiceBus;

[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
