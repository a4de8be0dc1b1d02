using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.Functions.Tests.Devices;

/// <summary>Makes a field of a message missing, null, of the wrong type, negative, huge or stale.</summary>
internal static class SpoiltMessages
{
    public static readonly IReadOnlyList<string> Wrongs = ["missing", "null", "object", "text", "negative", "beyond", "huge", "stale"];

    /// <summary>Whether a message cannot be after this.</summary>
    /// <param name="field">The field.</param>
    /// <param name="value">What it holds in a message that can be.</param>
    /// <param name="wrong">One of <see cref="Wrongs"/>.</param>
    /// <param name="optional">Fields that may be left out or null: without them the message means the same.</param>
    public static bool IsWrong(string field, JsonNode value, string wrong, IReadOnlySet<string> optional)
    {
        var number = value.GetValueKind() == JsonValueKind.Number;
        var time = field is "requestedAt" or "clock" or "shownAt" or "sentAt" or "at" or "postingDay";
        return wrong switch
        {
            "missing" => !optional.Contains(field),
            "null" => !optional.Contains(field) || field is "id",
            "text" => number || value.GetValueKind() == JsonValueKind.True || time,
            "negative" or "beyond" => number,
            // Told by a machine of itself or only logged: any date that can be is taken.
            "stale" => field is "requestedAt" or "clock" or "at" or "postingDay",
            _ => true,
        };
    }

    public static void Spoil(JsonObject message, string field, string wrong)
    {
        if (wrong == "missing")
        {
            message.Remove(field);
            return;
        }

        message[field] = wrong switch
        {
            "null" => null,
            "object" => new JsonObject(),
            "text" => "twelve",
            "negative" => -7,
            "beyond" => JsonNode.Parse("99999999999999999999"),
            "stale" => "0001-01-02T00:00:00+08:00",
            _ => new string('9', 40 * 1024),
        };
    }
}
