namespace CanteenPay.Functions.Identity;

/// <summary>How large a body an endpoint takes.</summary>
/// <param name="Bytes">At most so many.</param>
internal sealed record BodyLimit(int Bytes)
{
    /// <summary>What is JSON.</summary>
    public const int JsonBytes = 64 * 1024;
}

/// <summary>Says how large a body an endpoint takes.</summary>
internal static class BodyLimitOfEndpoint
{
    /// <summary>More than the 64 KB of JSON: such a body is not looked at by anything before the handler, which counts for itself what comes without a length.</summary>
    public static TBuilder TakesUpTo<TBuilder>(this TBuilder endpoint, int bytes)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new BodyLimit(bytes));
}
