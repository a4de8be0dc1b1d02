namespace CanteenPay.Azure;

/// <summary>The <c>Name=Value;…</c> of a connection string. Its errors name the setting, never a value.</summary>
internal sealed class ConnectionSettings
{
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly string what;

    private ConnectionSettings(string what) => this.what = what;

    /// <exception cref="FormatException">A part is not <c>Name=Value</c>, or a name stands twice.</exception>
    internal static ConnectionSettings Parse(string text, string what)
    {
        ConnectionSettings settings = new(what);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !settings.values.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                throw new FormatException($"In {what}, a part is not 'Name=Value' or a name stands twice.");
            }
        }

        return settings;
    }

    internal string? Find(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    internal string Get(string name) => Find(name) ?? throw new FormatException($"{name} is missing in {what}.");

    internal Uri GetUri(string name, string value) => Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "sb"
        ? uri
        : throw new FormatException($"{name} in {what} is no address.");

    internal byte[] GetKey(string name)
    {
        try
        {
            return Convert.FromBase64String(Get(name));
        }
        catch (FormatException e) when (Find(name) is not null)
        {
            throw new FormatException($"{name} in {what} is not base64.", e);
        }
    }
}
