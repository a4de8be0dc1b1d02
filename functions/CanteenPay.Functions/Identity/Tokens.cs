using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CanteenPay.Functions.Identity;

/// <summary>Which bearer tokens are believed: signed by our directory, for us, now, about a person. What a body or a header says of roles means nothing.</summary>
internal static class Tokens
{
    /// <summary>Clocks may differ by so much.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>The directory's keys are read again so often; a key that is not known asks for it at once, but at most once in <see cref="KeysAskedAgain"/>.</summary>
    public static readonly TimeSpan KeysReadAgain = TimeSpan.FromHours(1);

    /// <summary>Forged keys cannot make us ask the directory more often than this.</summary>
    public static readonly TimeSpan KeysAskedAgain = TimeSpan.FromSeconds(30);

    /// <summary>The directory answers within this, or not at all.</summary>
    private static readonly TimeSpan DirectoryAnswers = TimeSpan.FromSeconds(10);

    private const string Scheme = "Bearer ";
    private const int LongestName = 64;

    private static readonly JsonWebTokenHandler Shape = new();

    /// <summary>Reads tokens of the directory.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services, IdentitySettings settings)
    {
        services.AddSingleton<DirectoryKeys>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TimeProvider>((options, clock) =>
        {
            options.Authority = settings.Authority.AbsoluteUri;
            options.MetadataAddress = settings.MetadataAddress;
            options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
            options.MapInboundClaims = false;
            options.SaveToken = false;
            options.AutomaticRefreshInterval = KeysReadAgain;
            options.RefreshInterval = KeysAskedAgain;
            options.BackchannelTimeout = DirectoryAnswers;
            options.TokenValidationParameters = new()
            {
                ValidIssuer = settings.Authority.AbsoluteUri,
                ValidAudiences = settings.Audiences,
                // Neither none, nor an HMAC whose key would be the public key that everybody has.
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                RoleClaimType = "roles",
                NameClaimType = "name",
                LifetimeValidator = (from, to, _, _) => IsNow(from, to, clock.GetUtcNow()),
            };
            options.Events = new()
            {
                OnMessageReceived = LookFirstAsync,
                OnTokenValidated = context =>
                {
                    if (Doubt(context.Principal!, settings) is { } doubt)
                        context.Fail(doubt);
                    return Task.CompletedTask;
                },
            };
        });
        // Else a key that was withdrawn would be believed for an hour more, from the last answer in which it stood.
        return services.PostConfigure<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme,
            static options => ((BaseConfigurationManager)options.ConfigurationManager!).UseLastKnownGoodConfiguration = false);
    }

    /// <summary>A token that is one by its shape is looked at once the directory's keys are known.</summary>
    private static async Task LookFirstAsync(MessageReceivedContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return;
        if (!Shape.CanReadToken(header[Scheme.Length..].Trim()))
        {
            context.Fail("It is no token.");
        }
        else if (!await context.HttpContext.RequestServices.GetRequiredService<DirectoryKeys>().AreKnownAsync(context.HttpContext.RequestAborted))
        {
            context.HttpContext.Features.Set(new DirectoryIsAway());
            context.NoResult();
        }
    }

    /// <summary>The person: a GUID in lower case; null for nobody.</summary>
    public static string? ObjectIdOf(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true } && Guid.TryParse(user.FindFirstValue("oid"), out var id) ? id.ToString() : null;

    /// <summary>What the person is called.</summary>
    public static string NameOf(ClaimsPrincipal user)
    {
        var name = string.Concat((user.FindFirstValue("name") ?? "").Where(letter => !char.IsControl(letter)));
        return name.Length <= LongestName ? name : name[..LongestName];
    }

    private static bool IsNow(DateTime? from, DateTime? to, DateTimeOffset now) =>
        to is { } end && now < new DateTimeOffset(end, TimeSpan.Zero) + Skew && (from is not { } start || now >= new DateTimeOffset(start, TimeSpan.Zero) - Skew);

    /// <summary>An ID token is for the page that asked for it and has no <c>scp</c>; neither has a program's own, and every change here is a person's.</summary>
    private static string? Doubt(ClaimsPrincipal user, IdentitySettings settings) =>
        ObjectIdOf(user) is null ? "It is about nobody: there is no oid."
        : !Guid.TryParse(user.FindFirstValue("tid"), out var tenant) || tenant != settings.TenantId ? "It is of another tenant."
        : string.IsNullOrWhiteSpace(user.FindFirstValue("scp")) ? "It is no access token of a person: there is no scp."
        : null;
}
