using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>
/// JSON texts as the host's serialiser writes them, which is not how System.Text.Json does: only quotes, backslashes, control characters and
/// three separators are escaped, in lower-case hex; everything else goes out as it is.
/// </summary>
internal static class HostText
{
    /// <summary>A JSON string with its quotes.</summary>
    public static string Quote(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' or '\u0085' or '\u2028' or '\u2029' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }
        return json.Append('"').ToString();
    }

    /// <summary>What the host does to every string and number: JSON again, inside a string.</summary>
    public static string QuoteTwice(string text) => Quote(Quote(text));

    /// <summary>A date as the host writes it: ticks without trailing zeros, and no zone, which is the trap of EnqueuedTimeUtc.</summary>
    public static string WithoutZone(DateTimeOffset time) => Quote(time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));

    public static string WithOffset(DateTimeOffset time) => Quote(time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));

    public static string WithZ(DateTimeOffset time) => Quote(time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));

    /// <summary>An object of members that are JSON already.</summary>
    public static string Object(IEnumerable<KeyValuePair<string, string>> members) =>
        "{" + string.Join(',', members.Select(static m => Quote(m.Key) + ":" + m.Value)) + "}";

    /// <summary>A parsed value written again in the host's manner.</summary>
    public static string Rewrite(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Object(value.EnumerateObject().Select(static p => KeyValuePair.Create(p.Name, Rewrite(p.Value)))),
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Rewrite)) + "]",
        JsonValueKind.String => Quote(value.GetString()!),
        _ => value.GetRawText(),
    };
}
