using System.Text.RegularExpressions;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>What <c>{name}</c> stands for in the config.</summary>
internal sealed partial class Placeholders(IReadOnlyDictionary<string, string> values)
{
    /// <summary>With more to stand for something; the later ones win.</summary>
    internal Placeholders With(IReadOnlyDictionary<string, string> more) => more.Count == 0
        ? this
        : new(values.Concat(more).GroupBy(v => v.Key).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal));

    /// <exception cref="LocalCloudException">A placeholder is unknown.</exception>
    /// <param name="text">The setting's text.</param>
    /// <param name="where">The setting, for the error message.</param>
    internal string Fill(string text, string where) => Pattern().Replace(text, match =>
        values.TryGetValue(match.Groups["name"].Value, out var value)
            ? value
            : throw new LocalCloudException($"{where}: {match.Value} is not known. Known are {string.Join(' ', values.Keys.Order().Select(k => $"{{{k}}}"))}."));

    [GeneratedRegex(@"\{(?<name>[A-Za-z0-9:-]+)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
