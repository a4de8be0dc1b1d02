using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace CanteenPay.BankSimulator.Control;

/// <summary>Body of <c>PUT /control/notifications</c>.</summary>
internal sealed record NotificationSwitch(bool Enabled);

/// <summary>Body of <c>POST /control/orders/{outTradeNo}/pay</c>.</summary>
internal sealed record PayCommand(string Wallet);

/// <summary>Answer of <c>POST /control/orders/{outTradeNo}/pay</c> and <c>…/notify</c>.</summary>
internal sealed record CommandResult(string Result);

/// <summary>Body of <c>POST /control/down</c>: how long, in milliseconds; 0 is up again.</summary>
internal sealed record DownCommand(long Ms);

/// <summary>Content of the ready file.</summary>
internal sealed record ReadyNote(string Url);

/// <summary>The control interface's JSON.</summary>
[JsonSerializable(typeof(IReadOnlyList<OrderView>))]
[JsonSerializable(typeof(SumsView))]
[JsonSerializable(typeof(DownCommand))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(NotificationSwitch))]
[JsonSerializable(typeof(PayCommand))]
[JsonSerializable(typeof(CommandResult))]
[JsonSerializable(typeof(ReadyNote))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>With Chinese readable.</summary>
    public static ControlJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    });
}
