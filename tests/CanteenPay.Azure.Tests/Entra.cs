using Azure.Core;

namespace CanteenPay.Azure.Tests;

/// <summary>Gives one token and remembers what it was asked for.</summary>
internal sealed class FixedToken : TokenCredential
{
    public IReadOnlyList<string> Scopes { get; private set; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes = requestContext.Scopes;
        return new("token-1", DateTimeOffset.MaxValue);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}

internal static class Redirect
{
    /// <summary>Below authentication, which insists on https, the request goes to the test's server.</summary>
    internal static InterceptingTransport To(RestServer server) => new()
    {
        Before = (message, _) =>
        {
            message.Request.Uri.Scheme = server.Address.Scheme;
            message.Request.Uri.Host = server.Address.Host;
            message.Request.Uri.Port = server.Address.Port;
            return Task.CompletedTask;
        },
    };
}
