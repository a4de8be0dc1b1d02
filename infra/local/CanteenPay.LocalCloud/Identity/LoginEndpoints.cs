using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.LocalCloud.Identity;

/// <summary>
/// An OpenID Connect provider with Entra's addresses: discovery, keys, the code flow with PKCE. Nobody has a password here: whoever reaches the page picks who they
/// are, which is why it listens on loopback only, sends to loopback only, and the product refuses it outside Development.
/// </summary>
internal sealed class LoginEndpoints(SigningKeys keys, TokenIssuer issuer, AuthorizationCodes codes, IReadOnlyList<Persona> personas, string login)
{
    private const string Path = $"/{Tenant.Id}";
    private const int MaxFormBytes = 16 * 1024;

    internal void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{Path}/v2.0/.well-known/openid-configuration", context => WriteAsync(context, Discovery()));
        endpoints.MapGet($"{Path}/discovery/v2.0/keys", context => WriteAsync(context, Keys()));
        endpoints.MapGet($"{Path}/oauth2/v2.0/authorize", AuthorizeAsync);
        endpoints.MapPost($"{Path}/oauth2/v2.0/token", TokenAsync);
    }

    private async Task AuthorizeAsync(HttpContext context)
    {
        var request = AuthorizationRequest.Read(context.Request.Query);
        if (request.Refusal is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, LoginPage.Refusal(refusal));
            return;
        }

        if (request.Error is { } error)
        {
            context.Response.Redirect(request.Answer(("error", error.Code), ("error_description", error.Words)));
            return;
        }

        var wanted = context.Request.Query["persona"].ToString();
        if (wanted.Length == 0)
        {
            await WriteAsync(context, LoginPage.Choose(personas, context.Request.QueryString.Value!));
            return;
        }

        if (personas.FirstOrDefault(p => string.Equals(p.Key, wanted, StringComparison.Ordinal)) is not { } persona)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, LoginPage.Refusal($"没有这个身份 There is no persona \"{wanted}\"."));
            return;
        }

        var code = codes.Draw(persona, request.RedirectUri, request.Challenge, request.Nonce, request.WantsIdentity);
        context.Response.Redirect(code is null
            ? request.Answer(("error", "temporarily_unavailable"), ("error_description", "Too many codes wait."))
            : request.Answer(("code", code)));
    }

    private async Task TokenAsync(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxFormBytes;
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        if (form["grant_type"] != "authorization_code")
        {
            await RefuseAsync(context, "unsupported_grant_type", "Only authorization_code is.");
        }
        else if (form["client_id"] != Tenant.ClientId)
        {
            await RefuseAsync(context, "invalid_client", "There is no such app registration.");
        }
        else if (codes.Take(form["code"].ToString(), form["redirect_uri"].ToString(), form["code_verifier"].ToString()) is not { } promise)
        {
            await RefuseAsync(context, "invalid_grant", "The code is unknown, used or too old, or redirect_uri or code_verifier is not the one that it was drawn for.");
        }
        else
        {
            var answer = new JsonObject
            {
                ["token_type"] = "Bearer",
                ["scope"] = $"api://{Tenant.ClientId}/{TokenIssuer.Permission}",
                ["expires_in"] = (long)TokenIssuer.Lifetime.TotalSeconds,
                ["access_token"] = issuer.Access(promise.Persona, promise.Nonce),
            };
            if (promise.WantsIdentity)
            {
                answer["id_token"] = issuer.Identity(promise.Persona, promise.Nonce);
            }

            await WriteAsync(context, answer);
        }
    }

    private JsonObject Discovery() => new()
    {
        ["issuer"] = Tenant.Issuer(login),
        ["authorization_endpoint"] = $"{login}{Path}/oauth2/v2.0/authorize",
        ["token_endpoint"] = $"{login}{Path}/oauth2/v2.0/token",
        ["jwks_uri"] = $"{login}{Path}/discovery/v2.0/keys",
        ["response_types_supported"] = new JsonArray("code"),
        ["response_modes_supported"] = new JsonArray("query"),
        ["grant_types_supported"] = new JsonArray("authorization_code"),
        ["code_challenge_methods_supported"] = new JsonArray("S256"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("none"),
        ["subject_types_supported"] = new JsonArray("pairwise"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["scopes_supported"] = new JsonArray("openid", "profile"),
    };

    private JsonObject Keys() => new()
    {
        ["keys"] = new JsonArray([.. keys.Published.Select(key =>
        {
            var numbers = key.Rsa.ExportParameters(includePrivateParameters: false);
            return new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["kid"] = key.Id,
                ["n"] = Base64Url.EncodeToString(numbers.Modulus),
                ["e"] = Base64Url.EncodeToString(numbers.Exponent),
            };
        })]),
    };

    private static Task RefuseAsync(HttpContext context, string error, string words)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return WriteAsync(context, new JsonObject { ["error"] = error, ["error_description"] = words });
    }

    private static Task WriteAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(answer.ToJsonString(JsonSerializerOptions.Web), context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}
