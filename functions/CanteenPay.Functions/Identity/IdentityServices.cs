using System.Security.Claims;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Identity;

/// <summary>Puts identity into the app.</summary>
internal static class IdentityServices
{
    /// <summary>What identity needs.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddRateLimits(RateSettings.Read(configuration));
        return IsWithoutDirectory(configuration, environment) ? services : services.AddTokens(IdentitySettings.Read(configuration, environment.IsDevelopment()));
    }

    /// <summary>Who asks, how often, and whether they may: in this order, before every endpoint.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        app.UseAnswers();
        app.UseRouting();
        if (IsWithoutDirectory(app.Configuration, app.Environment))
            app.Use(Developer);
        else
            app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<Gate>();
    }

    /// <summary>Until the local cloud has a directory, whoever works in Development is an operator.</summary>
    private static bool IsWithoutDirectory(IConfiguration configuration, IHostEnvironment environment) =>
        environment.IsDevelopment() && string.IsNullOrEmpty(configuration["AzureAd:Instance"]);

    private static Task Developer(HttpContext http, RequestDelegate next)
    {
        http.User = new(new ClaimsIdentity(
            [new("oid", "00000000-0000-0000-0000-000000000001"), new("name", "Development"), new("roles", nameof(Role.Operator))], nameof(Developer), "name", "roles"));
        return next(http);
    }
}
