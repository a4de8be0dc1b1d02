using System.Text.RegularExpressions;

namespace CanteenPay.LocalCloud.Host.Apps;

/// <summary>Replaces <c>%NAME%</c> by the app setting of that name, as the host does in function.json and in the handler's arguments.</summary>
internal sealed partial class SettingText(IReadOnlyDictionary<string, string> appSettings)
{
    /// <exception cref="FunctionsHostException">No app setting has this name.</exception>
    public string Expand(string text, string file) => Placeholder().Replace(text, match => appSettings.TryGetValue(match.Groups["name"].Value, out var value)
        ? value
        : throw new FunctionsHostException($"{file}: there is no app setting '{match.Groups["name"].Value}' for '{text}'."));

    [GeneratedRegex("%(?<name>[^%\\s]+)%", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
