using System.Globalization;
using CanteenPay.BankSimulator.Merchants;
using CanteenPay.BankSimulator.Registrations;

namespace CanteenPay.BankSimulator;

/// <summary>A setting is missing or wrong; the message says which and what it must be.</summary>
public sealed class BankSettingsException(string message) : Exception(message);

/// <summary>Settings of the bank, from <c>defaults.json</c>, <c>banksimulator.json</c>, <c>BANK_…</c> variables and arguments, the later ones winning.</summary>
internal sealed record BankSettings
{
    /// <summary>What the bank's long times are multiplied by: notification schedule, 5-minute rule, refund. 1 is real.</summary>
    public required double TimeScale { get; init; }

    /// <summary>Whether notifications are sent from the start.</summary>
    public required bool NotificationsEnabled { get; init; }

    /// <summary>Most orders kept; beyond, the oldest ended one is forgotten.</summary>
    public required int MaxOrders { get; init; }

    /// <summary>The address that phones reach the bank by, for QR codes; null: the address that the gateway was called by.</summary>
    public required Uri? PublicUrl { get; init; }

    /// <summary>A file to write the listening address to once it is known; null: none.</summary>
    public required string? ReadyFile { get; init; }

    /// <summary>The bank's merchants by number.</summary>
    public required IReadOnlyDictionary<string, BankMerchant> Merchants { get; init; }

    /// <summary>Service providers by number, each with the key that signs for all of its merchants.</summary>
    public required IReadOnlyDictionary<string, string> Agents { get; init; }

    /// <summary>Who may register merchants; null: nobody.</summary>
    public required RegistrationSettings? Registration { get; init; }

    /// <summary>No order can be closed before this age.</summary>
    public TimeSpan CloseAfter => TimeSpan.FromMinutes(5) * TimeScale;

    /// <summary>How long a refund is being processed.</summary>
    public TimeSpan RefundAfter => TimeSpan.FromSeconds(3) * TimeScale;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="BankSettingsException">One is missing or wrong.</exception>
    public static BankSettings Read(IConfiguration configuration)
    {
        var agents = configuration.GetSection("Agents").GetChildren().ToDictionary(
            s => s.Key,
            s => s["Key"] is { Length: > 0 } key ? key : throw new BankSettingsException($"Agents:{s.Key}:Key is missing."),
            StringComparer.Ordinal);
        var merchants = configuration.GetSection("Merchants").GetChildren().ToDictionary(s => s.Key, s => BankMerchant.Read(s, agents), StringComparer.Ordinal);
        if (merchants.Count == 0)
            throw new BankSettingsException("Merchants: name at least one, e.g. --Merchants:7551000001:Key=… --Merchants:7551000001:Name=…");
        if (!double.TryParse(configuration["TimeScale"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var scale) || scale is <= 0 or > 100)
            throw new BankSettingsException($"TimeScale: '{configuration["TimeScale"]}' must be a number above 0, at most 100 (1 is real time).");
        if (!bool.TryParse(configuration["NotificationsEnabled"], out var enabled))
            throw new BankSettingsException($"NotificationsEnabled: '{configuration["NotificationsEnabled"]}' must be true or false.");
        if (!int.TryParse(configuration["MaxOrders"], NumberStyles.None, CultureInfo.InvariantCulture, out var maxOrders) || maxOrders is 0 or > 1_000_000)
            throw new BankSettingsException($"MaxOrders: '{configuration["MaxOrders"]}' must be 1 to 1000000.");
        return new BankSettings
        {
            TimeScale = scale,
            NotificationsEnabled = enabled,
            MaxOrders = maxOrders,
            PublicUrl = ReadPublicUrl(configuration["PublicUrl"]),
            ReadyFile = configuration["ready-file"],
            Merchants = merchants,
            Agents = agents,
            Registration = RegistrationSettings.Read(configuration.GetSection("Registration"), agents),
        };
    }

    private static Uri? ReadPublicUrl(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new BankSettingsException($"PublicUrl: '{text}' must be an absolute http(s) address.");
    }
}
