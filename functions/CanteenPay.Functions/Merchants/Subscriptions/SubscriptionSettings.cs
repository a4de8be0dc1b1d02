using System.Globalization;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Subscriptions;

/// <summary>What the service costs and when somebody is reminded of it, section <c>Subscription</c>.</summary>
/// <param name="FirstYearFee"><c>FirstYearFee</c>: what the first year costs the distributor, ¥2,500.</param>
/// <param name="RenewalFee"><c>RenewalFee</c>: what each further year costs, ¥2,000.</param>
/// <param name="SuggestedRetail"><c>SuggestedRetail</c>: what a distributor may ask of its merchant, ¥4,800.</param>
/// <param name="ReminderDays"><c>ReminderDays</c>: how many days before the end, largest first; 30,7,1.</param>
/// <param name="GraceDays"><c>GraceDays</c>: how many days the service goes on unpaid, 15.</param>
internal sealed record SubscriptionSettings(Fen FirstYearFee, Fen RenewalFee, Fen SuggestedRetail, IReadOnlyList<int> ReminderDays, int GraceDays)
{
    private const int MaxFee = 100_000_00, MaxDays = 366, MaxReminders = 10;

    /// <summary>Reads the section.</summary>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    public static SubscriptionSettings Read(IConfiguration configuration) => new(
        new(Number(configuration, "Subscription:FirstYearFee", 2_500_00, MaxFee)),
        new(Number(configuration, "Subscription:RenewalFee", 2_000_00, MaxFee)),
        new(Number(configuration, "Subscription:SuggestedRetail", 4_800_00, MaxFee)),
        Days(configuration),
        Number(configuration, "Subscription:GraceDays", 15, MaxDays));

    private static int Number(IConfiguration configuration, string name, int byDefault, int most)
    {
        var value = configuration[name];
        if (string.IsNullOrEmpty(value))
            return byDefault;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new SettingException($"The setting {name} is '{value}', which is not a number from 0 to {most}.");
    }

    private static IReadOnlyList<int> Days(IConfiguration configuration)
    {
        const string name = "Subscription:ReminderDays";
        var days = new List<int>();
        foreach (var part in (configuration[name] is { Length: > 0 } value ? value : "30,7,1").Split(','))
        {
            days.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is > 0 and <= MaxDays && days.Count < MaxReminders
                ? day
                : throw new SettingException($"The setting {name} is '{configuration[name]}', which is not a list of days such as 30,7,1."));
        }

        return [.. days.Distinct().OrderDescending()];
    }
}
