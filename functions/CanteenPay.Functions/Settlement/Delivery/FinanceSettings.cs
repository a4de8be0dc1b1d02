using System.Text;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>Finance's own system, section <c>Finance</c>. Without <c>WebhookUrl</c> there is none: nothing is delivered, and no link is good.</summary>
/// <param name="Webhook">Where editions are told; null for nowhere.</param>
/// <param name="Secret">What both sides know, at least 32 characters: it signs what is sent, and a key that is made from it signs links.</param>
/// <param name="DeliverAt">The time of day in Asia/Shanghai before which a day's editions are not sent, on the date after it; 06:00 by default.</param>
internal sealed record FinanceSettings(Uri? Webhook, byte[] Secret, TimeSpan DeliverAt)
{
    private const int ShortestSecret = 32;
    private static readonly TimeSpan SixInTheMorning = TimeSpan.FromHours(6);

    /// <summary>Reads the section.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static FinanceSettings Read(IConfiguration configuration)
    {
        var deliverAt = Settings.TimeOfDay(configuration, "Finance:DeliverAt", SixInTheMorning);
        if (string.IsNullOrEmpty(configuration["Finance:WebhookUrl"]))
            return new(null, [], deliverAt);
        var secret = Settings.Text(configuration, "Finance:WebhookSecret");
        return secret.Length >= ShortestSecret
            ? new(Settings.Url(configuration, "Finance:WebhookUrl"), Encoding.UTF8.GetBytes(secret), deliverAt)
            : throw new SettingException($"The setting Finance:WebhookSecret has {secret.Length} characters; it needs at least {ShortestSecret}, drawn at random.");
    }
}
