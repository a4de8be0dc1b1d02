using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanteenPay.Mqtt;

/// <summary>Finds what can never work before the first connect, and says which setting it is.</summary>
internal static class OptionCheck
{
    /// <exception cref="MqttException">A value is out of range, or a file is missing, unreadable or not what it should be.</exception>
    internal static void ThrowIfUnusable(MqttOptions options)
    {
        Require(options.Host.Length > 0, nameof(options.Host), "is empty");
        Require(options.Port is > 0 and <= 65535, nameof(options.Port), $"is {options.Port}; 1–65535 is possible");
        Require(options.ClientId.Length is > 0 and <= 128, nameof(options.ClientId), "must have 1–128 characters");
        Require(options.UserName is null or { Length: > 0 and <= 128 }, nameof(options.UserName), "must have 1–128 characters, or be null");
        Require(options.KeepAlive.TotalSeconds is >= 5 and <= 65535, nameof(options.KeepAlive), $"is {options.KeepAlive}; 5–65535 s is possible");
        Require(options.SessionExpiry.TotalSeconds is >= 0 and <= uint.MaxValue, nameof(options.SessionExpiry), $"is {options.SessionExpiry}");
        Require(options.MinBackoff > TimeSpan.Zero && options.MinBackoff <= options.MaxBackoff, nameof(options.MinBackoff), "must be above 0 and not above MaxBackoff");
        Require(options.MaxPending > 0, nameof(options.MaxPending), "must be above 0");
        Require(options.MaxReceived >= 0, nameof(options.MaxReceived), "must not be negative");
        Require(options.MaxPacketBytes >= 1024, nameof(options.MaxPacketBytes), "must be at least 1024");

        CheckFiles(options);
    }

    private static void CheckFiles(MqttOptions options)
    {
        RequireFile(options.CaFile, nameof(options.CaFile));
        RequireFile(options.CertificateFile, nameof(options.CertificateFile));
        RequireFile(options.KeyFile, nameof(options.KeyFile));
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(options.CaFile);
            Require(authorities.Count > 0, nameof(options.CaFile), $"{options.CaFile} holds no PEM certificate");
        }
        catch (CryptographicException exception)
        {
            throw Unusable(nameof(options.CaFile), $"{options.CaFile} holds no PEM certificate ({exception.Message})");
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw Unusable(
                nameof(options.CertificateFile),
                $"{options.CertificateFile} and {options.KeyFile} are not a PEM certificate and its unencrypted private key ({exception.Message})");
        }
    }

    private static void RequireFile(string path, string setting)
    {
        try
        {
            using var file = File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable(setting, $"cannot read \"{path}\" ({exception.Message})");
        }
    }

    private static void Require(bool condition, string setting, string message)
    {
        if (!condition)
        {
            throw Unusable(setting, message);
        }
    }

    private static MqttException Unusable(string setting, string message) => new($"MQTT setting {setting}", 0, message);
}
