using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>Reads a wallet by its name; null for a name that is not known here. Anything but a text is no message.</summary>
internal sealed class KnownWalletConverter : JsonConverter<Wallet?>
{
    /// <inheritdoc/>
    public override Wallet? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String ? throw new JsonException("A wallet is a text.")
        : reader.ValueTextEquals("wechat"u8) ? Wallet.WeChat
        : reader.ValueTextEquals("alipay"u8) ? Wallet.Alipay
        : reader.ValueTextEquals("unionpay"u8) ? Wallet.UnionPay
        : null;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Wallet? value, JsonSerializerOptions options) => writer.WriteStringValue(value switch
    {
        Wallet.WeChat => "wechat",
        Wallet.Alipay => "alipay",
        Wallet.UnionPay => "unionpay",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "Not a wallet."),
    });
}
