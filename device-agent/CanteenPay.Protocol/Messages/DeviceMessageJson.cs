using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>Reads and writes device messages as JSON (UTF-8, camelCase).</summary>
public static class DeviceMessageJson
{
    /// <summary>Largest message in bytes.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Longest id: it is echoed and logged.</summary>
    public const int MaxIdLength = 64;

    private static readonly Dictionary<Type, string> Types = DeviceMessageContext.Default.DeviceMessage.PolymorphismOptions!.DerivedTypes
        .ToDictionary(derived => derived.DerivedType, derived => (string)derived.TypeDiscriminator!);

    /// <summary>A message's type as the protocol names it, such as <c>pay-request</c>.</summary>
    public static string TypeOf(DeviceMessage message) => Types[message.GetType()];

    /// <summary>A message as bytes.</summary>
    /// <exception cref="InvalidOperationException">Larger than <see cref="MaxBytes"/>.</exception>
    public static byte[] Write(DeviceMessage message)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, DeviceMessageContext.Default.DeviceMessage);
        return bytes.Length <= MaxBytes
            ? bytes
            : throw new InvalidOperationException($"{message.GetType().Name} has {bytes.Length} bytes; a message has at most {MaxBytes}.");
    }

    /// <summary>Reads a message from outside; false, with a reason, for anything that is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DeviceMessage? message, [NotNullWhen(false)] out string? error)
    {
        message = null;
        if (bytes.Length > MaxBytes)
        {
            error = $"The message has {bytes.Length} bytes; at most {MaxBytes} are read.";
            return false;
        }

        try
        {
            message = JsonSerializer.Deserialize(bytes, DeviceMessageContext.Default.DeviceMessage);
            error = message switch
            {
                null => "The message is null.",
                { V: not 1 } => $"The message has version {message.V}; version 1 is spoken here.",
                { Id.Length: 0 or > MaxIdLength } => $"The message's id has {message.Id.Length} characters; 1 to {MaxIdLength} are allowed.",
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            error = $"Not a message that is known here: {e.Message}";
        }

        if (error is not null)
            message = null;
        return error is null;
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DeviceMessage))]
internal sealed partial class DeviceMessageContext : JsonSerializerContext;
