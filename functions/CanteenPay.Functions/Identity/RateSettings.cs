using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Identity;

/// <summary>How much one caller may ask, section <c>RateLimits</c>.</summary>
/// <param name="RequestsPerSecond">Of a person, on and on.</param>
/// <param name="Burst">Of a person, at once.</param>
/// <param name="AnonymousPerSecond">From an address, of one route that asks nobody who they are: also a bank's notifications of all its merchants.</param>
/// <param name="AnonymousBurst">The same, at once.</param>
/// <param name="StrangersPerSecond">From an address without a valid token, of all that asks who somebody is together: they get nothing but refusals.</param>
/// <param name="StrangersBurst">The same, at once.</param>
internal sealed record RateSettings(int RequestsPerSecond, int Burst, int AnonymousPerSecond, int AnonymousBurst, int StrangersPerSecond, int StrangersBurst)
{
    /// <summary>Reads the section.</summary>
    /// <exception cref="SettingException">A setting is wrong.</exception>
    public static RateSettings Read(IConfiguration configuration) => new(
        Settings.Count(configuration, "RateLimits:RequestsPerSecond", 50),
        Settings.Count(configuration, "RateLimits:Burst", 200),
        Settings.Count(configuration, "RateLimits:AnonymousPerSecond", 500),
        Settings.Count(configuration, "RateLimits:AnonymousBurst", 2000),
        Settings.Count(configuration, "RateLimits:StrangersPerSecond", 10),
        Settings.Count(configuration, "RateLimits:StrangersBurst", 40));
}
