using System.Collections.Immutable;
using System.Globalization;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>The settings as the chaos page posts them: what is switched on, shares in percent. What cannot be read is off.</summary>
internal static class ChaosForm
{
    public static ChaosSettings Read(IFormCollection form)
    {
        var on = form["on"].ToHashSet(StringComparer.Ordinal);
        return new ChaosSettings
        {
            Seed = long.TryParse(form["seed"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : null,
            Shares = Faults.All
                .Where(f => on.Contains(f.Name))
                .Select(f => (f.Fault, Share: new FaultShare(Percent(form[f.Name]), Delay(f, form))))
                .Where(f => f.Share.Share > 0)
                .ToImmutableDictionary(f => f.Fault, f => f.Share),
        };
    }

    private static double Percent(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) ? Math.Min(percent, 100) / 100 : 0;

    private static TimeSpan Delay(FaultText fault, IFormCollection form) =>
        fault.Ms is not { } usual ? TimeSpan.Zero
        : long.TryParse(form[fault.Name + ".ms"], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? TimeSpan.FromMilliseconds(Math.Min(ms, ChaosJson.MaxDelay.TotalMilliseconds))
        : TimeSpan.FromMilliseconds(usual);
}
