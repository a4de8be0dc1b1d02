using System.Text.Json;

namespace CanteenPay.LocalCloud.Host.Apps;

/// <summary>The app's JSON files, read as leniently as the host reads them: comments and trailing commas pass, names match in any case.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static JsonDocument Read(string file)
    {
        try
        {
            var json = JsonDocument.Parse(File.ReadAllBytes(file), Lenient);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new FunctionsHostException($"{file} does not hold a JSON object.");
        }
        catch (IOException e)
        {
            throw new FunctionsHostException($"{file} cannot be read: {e.Message} Publish the function app into this folder.", e);
        }
        catch (JsonException e)
        {
            throw new FunctionsHostException($"{file} is not valid JSON: {e.Message}", e);
        }
    }

    public static JsonElement? Find(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }
        return null;
    }

    public static string? Text(this JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static int? Number(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    public static IEnumerable<string> Texts(this JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray().Where(static e => e.ValueKind == JsonValueKind.String).Select(static e => e.GetString()!)
        : [];
}
