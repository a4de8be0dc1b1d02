using System.Text;
using System.Text.Json;

namespace CanteenPay.Azure.Functions;

/// <summary>
/// Undoes what the host does to a trigger's value. It sends an object as an object, bytes as base64 (our triggers ask for that by
/// <c>dataType: binary</c>), and everything else serialised again into a string; a third party's host serialises once.
/// </summary>
/// <remarks>
/// A string cannot always be told from another. The order is: <c>null</c> and nothing are refused; text that begins like a JSON object or array is that;
/// a JSON string inside the string is what it holds; base64 is its bytes; anything else is text. Bytes and doubly encoded text of any content survive,
/// objects and arrays survive in every form.
/// </remarks>
internal static class TriggerPayload
{
    /// <exception cref="FunctionPayloadException">The value is missing, null or empty.</exception>
    internal static BinaryData Read(JsonElement data, string name)
    {
        if (!data.TryGetProperty(name, out var value))
        {
            throw new FunctionPayloadException($"The host sent no '{name}': function.json and the code differ. Build and deploy them together.");
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null => throw NullMessage(),
            JsonValueKind.String => FromString(value.GetString()!),
            _ => Text(value.GetRawText()),
        };
    }

    private static BinaryData FromString(string value)
    {
        var start = value.AsSpan().TrimStart();
        if (start.IsEmpty)
        {
            throw EmptyMessage();
        }

        if (value == "null")
        {
            throw NullMessage();
        }

        if (start[0] is '{' or '[')
        {
            return Text(value);
        }

        if (start[0] == '"' && TryUnquote(value, out var inner))
        {
            return inner.Length == 0 ? throw EmptyMessage() : Text(inner);
        }

        return TryBase64(value, out var bytes) ? new BinaryData(bytes) : Text(value);
    }

    private static bool TryUnquote(string value, out string inner)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            inner = document.RootElement.GetString()!;
            return true;
        }
        catch (JsonException)
        {
            inner = "";
            return false;
        }
    }

    private static bool TryBase64(string value, out byte[] bytes)
    {
        bytes = new byte[value.Length / 4 * 3];
        if (value.Length % 4 != 0 || !Convert.TryFromBase64String(value, bytes, out var length))
        {
            return false;
        }

        bytes = bytes[..length];
        return true;
    }

    private static BinaryData Text(string value) => new(Encoding.UTF8.GetBytes(value));

    private static FunctionPayloadException NullMessage() => new("The message is null.");

    private static FunctionPayloadException EmptyMessage() => new("The message is empty.");
}
