using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>The words of the screen: a first language, and the other small beneath it.</summary>
internal sealed class Texts
{
    private static readonly Lazy<Dictionary<string, string>> Chinese = new(() => Load("zh-CN"));
    private static readonly Lazy<Dictionary<string, string>> English = new(() => Load("en"));

    private readonly IReadOnlyDictionary<string, string> main;
    private readonly IReadOnlyDictionary<string, string> small;

    private Texts(string language, IReadOnlyDictionary<string, string> main, IReadOnlyDictionary<string, string> small) =>
        (Language, this.main, this.small) = (language, main, small);

    /// <summary>The first language, <c>zh-CN</c> or <c>en</c>.</summary>
    public string Language { get; }

    /// <summary>The words with this language first.</summary>
    public static Texts In(string language)
    {
        var (chinese, english) = (Chinese.Value, English.Value);
        return language == "en" ? new(language, english, chinese) : new(language, chinese, english);
    }

    /// <summary>A text in both languages; each <c>{name}</c> in it takes the value of that name, itself in both languages.</summary>
    /// <exception cref="KeyNotFoundException">There is no such text.</exception>
    public Phrase Of(string key, params ReadOnlySpan<(string Name, Phrase Value)> values)
    {
        var (first, second) = (main[key], small[key]);
        foreach (var (name, value) in values)
        {
            first = first.Replace($"{{{name}}}", value.Main, StringComparison.Ordinal);
            second = second.Replace($"{{{name}}}", value.Small, StringComparison.Ordinal);
        }

        return new(first, second);
    }

    /// <summary>A text that is given in both languages, in this screen's order.</summary>
    public Phrase Of(Protocol.BilingualText text) => Language == "en" ? new(text.En, text.Zh) : new(text.Zh, text.En);

    private static Dictionary<string, string> Load(string language) =>
        JsonSerializer.Deserialize(EmbeddedFile.Read($"texts/{language}.json"), TextsContext.Default.DictionaryStringString)!;
}

/// <summary>A text in the first language, and in the other, for small print.</summary>
/// <param name="Main">First language.</param>
/// <param name="Small">The other.</param>
internal sealed record Phrase(string Main, string Small)
{
    /// <summary>What reads the same in both: an amount.</summary>
    public static Phrase Same(string text) => new(text, text);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TextsContext : JsonSerializerContext;
