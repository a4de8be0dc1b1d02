using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Identity;

/// <summary>Puts identity into the app.</summary>
internal static class IdentityServices
{
    /// <summary>What identity needs.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment) => services
        .AddTokens(IdentitySettings.Read(configuration, environment.IsDevelopment()))
        .AddRateLimits(RateSettings.Read(configuration));

    /// <summary>Who asks, how often, and whether they may: in this order, before every endpoint.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        app.UseAnswers();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<Gate>();
    }
}
