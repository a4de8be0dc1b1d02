using System.Globalization;

namespace CanteenPay.Functions.Operations;

/// <summary>Reads settings and says which one is missing or wrong, and what it should look like.</summary>
internal static class Settings
{
    /// <summary>Where Azure cannot resolve a reference into the vault, it leaves the reference itself in the setting: it must not be taken for a key that a bank was given.</summary>
    /// <exception cref="SettingException">One was left.</exception>
    public static void RefuseUnresolved(IConfiguration configuration)
    {
        foreach (var (name, value) in configuration.AsEnumerable())
        {
            if (value?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true)
                throw new SettingException($"The setting {name} is a reference into the vault that Azure could not resolve: {value}. Put the secret into the vault, see that the app's identity may read secrets, then start again.");
        }
    }

    /// <summary>A setting that must be there.</summary>
    /// <exception cref="SettingException">It is not.</exception>
    public static string Text(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } value
            ? value
            : throw new SettingException($"The setting {name} is missing (as an environment variable: {name.Replace(":", "__", StringComparison.Ordinal)}).");

    /// <summary>An absolute https address that must be there; http on this machine only.</summary>
    /// <exception cref="SettingException">It is missing or not one.</exception>
    public static Uri Url(IConfiguration configuration, string name)
    {
        var value = Text(configuration, name);
        return Uri.TryCreate(value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            ? url
            : throw new SettingException($"The setting {name} is '{value}', which is not an address such as https://pay.example.com (http is for this machine only).");
    }

    /// <summary>A whole number of at least 1, or the default.</summary>
    /// <exception cref="SettingException">It is there and not one.</exception>
    public static int Count(IConfiguration configuration, string name, int byDefault) =>
        configuration[name] is not { Length: > 0 } value ? byDefault
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new SettingException($"The setting {name} is '{value}', which is not a whole number of at least 1.");

    /// <summary>A time of day such as 23:30, or the default.</summary>
    /// <exception cref="SettingException">It is there and not one.</exception>
    public static TimeSpan TimeOfDay(IConfiguration configuration, string name, TimeSpan byDefault)
    {
        var value = configuration[name];
        if (string.IsNullOrEmpty(value))
            return byDefault;
        return TimeOnly.TryParseExact(value, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToTimeSpan()
            : throw new SettingException($"The setting {name} is '{value}', which is not a time of day such as 23:30.");
    }
}

/// <summary>A setting is missing or wrong.</summary>
internal sealed class SettingException(string message) : Exception(message);
