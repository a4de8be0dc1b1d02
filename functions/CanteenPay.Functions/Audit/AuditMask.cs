using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CanteenPay.Functions.Audit;

/// <summary>
/// What of a JSON text may stand in the audit: values of the fields that the endpoint named, nothing else. A field that is not named is written as <c>***</c>, so that
/// a field that somebody adds later is masked until somebody thinks about it; so is what the caller made up.
/// </summary>
internal static class AuditMask
{
    /// <summary>Instead of a value.</summary>
    public const string Hidden = "***";

    private const int LongestText = 4_000;
    private const int LongestNumber = 20;
    private const int LongestName = 40;
    private const int MostFields = 100;
    private const int MostItems = 100;
    private const int Deepest = 16;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>For people to read: Chinese as Chinese.</summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>A masked text, cut where it is too long; null for nothing.</summary>
    public static string? Of(JsonNode? node, SafeFields safe)
    {
        if (node is null)
            return null;
        var text = Masked(node, safe.Fields.ToHashSet(StringComparer.OrdinalIgnoreCase), "")!.ToJsonString(Readable);
        return text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…");
    }

    /// <summary>
    /// A masked body; false for one that the audit cannot read, which therefore nobody may obey: no JSON, a name that comes twice (in whatever case, as handlers read
    /// them), too deep, more fields than anything of ours has, half a character.
    /// </summary>
    public static bool TryOf(ReadOnlyMemory<byte> body, SafeFields safe, out string? masked)
    {
        masked = null;
        if (body.IsEmpty)
            return true;
        try
        {
            var node = JsonNode.Parse(body.Span, new() { PropertyNameCaseInsensitive = true }, new() { MaxDepth = Deepest });
            if (!HasFewFields(node))
                return false;
            masked = Of(node, safe);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // ArgumentException: a name that comes twice. InvalidOperationException: half a character.
            return false;
        }
    }

    /// <summary>A body that is not looked into.</summary>
    public static string OfSize(long? bytes) => new JsonObject { ["bytes"] = bytes }.ToJsonString();

    private static bool HasFewFields(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Count <= MostFields && fields.All(field => HasFewFields(field.Value)),
        JsonArray items => items.All(HasFewFields),
        _ => true,
    };

    /// <param name="node">What is to be masked.</param>
    /// <param name="safe">The fields that may be written.</param>
    /// <param name="path">Where it stands; null behind a name that is none of ours.</param>
    private static JsonNode? Masked(JsonNode? node, HashSet<string> safe, string? path)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonObject fields:
                var shown = new JsonObject();
                foreach (var (name, value) in fields)
                    shown[IsWord(name) ? name : Hidden] = Masked(value, safe, path is null || !IsWord(name) ? null : path.Length == 0 ? name : $"{path}.{name}");
                return shown;
            case JsonArray items:
                return new JsonArray([.. items.Take(MostItems).Select(item => Masked(item, safe, path)), .. More(items.Count - MostItems)]);
            default:
                return path is not null && safe.Contains(path) && IsPlain(node) ? node.DeepClone() : JsonValue.Create(Hidden);
        }
    }

    private static JsonNode?[] More(int items) => items <= 0 ? [] : [JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"… {items} more"))];

    private static bool IsPlain(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => AuditWords.ArePlain(value.GetValue<string>()),
        JsonValueKind.Number => value.ToJsonString() is { Length: <= LongestNumber } number && AuditWords.HasFewDigits(number),
        _ => true,
    };

    /// <summary>Our own fields are words of letters; a number or a sentence as a name is something else.</summary>
    private static bool IsWord(string name) => name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAnyExcept(Letters);
}
