using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CanteenPay.Local;

/// <summary>
/// Signs in at the local cloud's provider as a page would, by code and PKCE, and puts the token on what goes to the function app. Compiled into each program that
/// calls the app: they reference neither the cloud nor each other.
/// </summary>
/// <param name="directory">The provider's address with its tenant.</param>
/// <param name="clientId">The app registration.</param>
/// <param name="persona">Who signs in.</param>
/// <param name="functions">The function app; nobody else gets a token.</param>
/// <param name="inner">What sends.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalSignIn(string directory, string clientId, string persona, Uri functions, HttpMessageHandler inner, TimeProvider time)
    : DelegatingHandler(inner)
{
    private const string Page = "http://localhost/signed-in";

    /// <summary>Before a token ends another is asked for, so that none ends on its way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly HttpClient _provider = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim _signingIn = new(1);
    private string? _token;
    private DateTimeOffset _until;

    /// <summary>A token that is good for some minutes.</summary>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _signingIn.WaitAsync(cancellationToken);
        try
        {
            if (_token is null || time.GetUtcNow() >= _until)
                await SignInAsync(cancellationToken);
            return _token!;
        }
        finally
        {
            _signingIn.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } address && address.Authority == functions.Authority)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _provider.Dispose();
            _signingIn.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var question = $"{directory}/oauth2/v2.0/authorize?client_id={clientId}&response_type=code&redirect_uri={Uri.EscapeDataString(Page)}&scope=openid"
            + $"&code_challenge={challenge}&code_challenge_method=S256&persona={Uri.EscapeDataString(persona)}";
        using var sentBack = await _provider.GetAsync(question, cancellationToken);
        var code = sentBack.Headers.Location?.Query.TrimStart('?').Split('&').FirstOrDefault(field => field.StartsWith("code=", StringComparison.Ordinal))?["code=".Length..]
            ?? throw new InvalidOperationException($"{persona} cannot sign in: {(int)sentBack.StatusCode} {sentBack.Headers.Location}");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = clientId,
            ["code"] = Uri.UnescapeDataString(code),
            ["redirect_uri"] = Page,
            ["code_verifier"] = verifier,
        });
        using var answer = await _provider.PostAsync($"{directory}/oauth2/v2.0/token", form, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var tokens = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        _token = tokens.RootElement.GetProperty("access_token").GetString();
        _until = time.GetUtcNow() + TimeSpan.FromSeconds(tokens.RootElement.GetProperty("expires_in").GetInt32()) - Margin;
    }
}
