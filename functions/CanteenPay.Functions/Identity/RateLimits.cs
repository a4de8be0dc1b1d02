using System.Globalization;
using System.Threading.RateLimiting;

namespace CanteenPay.Functions.Identity;

/// <summary>
/// How much one caller may ask: tokens in a bucket for each person; for whoever has shown no valid token, one for each network for all of <c>/api</c>, and one for each
/// network and other route. What the Functions host itself invokes is not counted.
/// </summary>
internal static class RateLimits
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Puts the limits before the endpoints.</summary>
    public static IServiceCollection AddRateLimits(this IServiceCollection services, RateSettings settings) => services.AddRateLimiter(options =>
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Bucket>(http => BucketOf(http) switch
        {
            null => RateLimitPartition.GetNoLimiter(default(Bucket)),
            { Kind: BucketKind.Person } person => Limited(person, settings.RequestsPerSecond, settings.Burst),
            { Kind: BucketKind.Stranger } stranger => Limited(stranger, settings.StrangersPerSecond, settings.StrangersBurst),
            { } address => Limited(address, settings.AnonymousPerSecond, settings.AnonymousBurst),
        });
        options.OnRejected = static async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > Second ? after : Second;
            var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            rejected.HttpContext.Response.Headers.RetryAfter = seconds;
            await Results.Problem($"Too much was asked at once. Ask again in {seconds} s.", statusCode: StatusCodes.Status429TooManyRequests)
                .ExecuteAsync(rejected.HttpContext);
        };
    });

    private static RateLimitPartition<Bucket> Limited(Bucket bucket, int perSecond, int burst) => RateLimitPartition.GetTokenBucketLimiter(bucket, _ => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = Second,
        QueueLimit = 0,
    });

    private static Bucket? BucketOf(HttpContext http) =>
        !FrontDoorAddress.IsOutside(http.Request.Path) ? null
        : Tokens.ObjectIdOf(http.User) is { } person ? new Bucket(BucketKind.Person, person, "")
        : Gate.IsBehind(http) ? new Bucket(BucketKind.Stranger, FrontDoorAddress.NetworkOf(http), "")
        : new Bucket(BucketKind.Anybody, FrontDoorAddress.NetworkOf(http), (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "");

    private readonly record struct Bucket(BucketKind Kind, string Who, string Route);

    private enum BucketKind
    {
        Person,
        Stranger,
        Anybody,
    }
}
