using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Exports.Files;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>Links to single files, good for whoever has them until they expire. What is signed is the file's whole name, which holds the date, and the time.</summary>
internal sealed class SignedLinks(FinanceSettings finance, PaymentSettings settings, TimeProvider clock)
{
    private const int KeyBytes = 32;

    /// <summary>A key of its own: what is signed for one purpose must not be good for the other.</summary>
    private readonly byte[]? _key = finance.Webhook is null ? null : HKDF.DeriveKey(HashAlgorithmName.SHA256, finance.Secret, KeyBytes, info: "canteenpay settlement link v1"u8.ToArray());

    /// <summary>A link to a file.</summary>
    /// <exception cref="InvalidOperationException">There is no secret: nothing is delivered.</exception>
    public Uri To(ExportName name, DateTimeOffset expires)
    {
        var seconds = expires.ToUnixTimeSeconds();
        var signature = Base64Url.EncodeToString(Sign(name, seconds));
        return new(settings.PublicBaseUrl, string.Create(CultureInfo.InvariantCulture, $"/portal/downloads/{name.Day:yyyy-MM-dd}/{name}?expires={seconds}&signature={signature}"));
    }

    /// <summary>The file that a link is good for now; null when it is good for none, whatever the reason.</summary>
    public ExportName? Read(string date, string name, string? expires, string? signature)
    {
        if (_key is null || !ExportName.TryParse(name, out var file) || file.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) != date
            || !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        var isRight = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Sign(file, seconds))), Encoding.UTF8.GetBytes(signature ?? ""));
        return isRight && clock.GetUtcNow().ToUnixTimeSeconds() < seconds ? file : null;
    }

    private byte[] Sign(ExportName name, long expires) => HMACSHA256.HashData(
        _key ?? throw new InvalidOperationException("There is no Finance:WebhookSecret to sign a link with."),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\n{expires}")));
}
