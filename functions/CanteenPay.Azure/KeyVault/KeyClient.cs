using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.KeyVault;

/// <summary>The keys of one vault.</summary>
public class KeyClient
{
    private readonly HttpPipeline? pipeline;
    private readonly string apiVersion = "";

    /// <summary>With Entra, for example a managed identity.</summary>
    /// <param name="vaultUri">For example <c>https://{vault}.vault.azure.net</c>; https only.</param>
    /// <param name="credential">Gets the tokens.</param>
    /// <param name="options">How the vault is asked.</param>
    /// <exception cref="ArgumentException">The address is not https: a token would be sent in the clear.</exception>
    public KeyClient(Uri vaultUri, TokenCredential credential, KeyClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(vaultUri);
        if (vaultUri.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"'{vaultUri}' is no https address, like https://contoso.vault.azure.net.", nameof(vaultUri));
        }

        options ??= new();
        VaultUri = new(vaultUri.GetLeftPart(UriPartial.Authority));
        apiVersion = options.ApiVersion;
        pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(credential, options.Scope));
    }

    /// <summary>For implementations without a vault.</summary>
    protected KeyClient()
    {
    }

    /// <summary>The vault's address.</summary>
    public virtual Uri VaultUri { get; } = new("https://localhost");

    /// <summary>The public part of a key on P-256; null when the vault has no key of that name.</summary>
    /// <param name="keyName">Letters, digits and dashes.</param>
    /// <param name="keyVersion">The version; null for the latest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">A name or version that no key has.</exception>
    /// <exception cref="RequestFailedException">The vault refused (401, 403), was not reached (status 0), or the key is of another kind.</exception>
    public virtual async Task<EcKey?> GetEcKeyIfExistsAsync(string keyName, string? keyVersion = null, CancellationToken cancellationToken = default)
    {
        KeyIdentifier identifier = new(VaultUri, keyName, keyVersion);
        using var message = await SendAsync(RequestMethod.Get, identifier, "", null, cancellationToken);
        return message.Response.Status == 404 ? null : EcKey.Read(message.Response);
    }

    /// <summary>Makes a key on P-256 that signs, and never leaves the vault.</summary>
    /// <exception cref="ArgumentException">A name that no key has.</exception>
    /// <exception cref="RequestFailedException">The vault refused (401, 403, 409: a deleted key has the name), or was not reached (status 0).</exception>
    public virtual async Task<EcKey> CreateEcKeyAsync(string keyName, CancellationToken cancellationToken = default)
    {
        KeyIdentifier identifier = new(VaultUri, keyName, version: null);
        const string body = """{"kty":"EC","crv":"P-256","key_ops":["sign","verify"],"attributes":{"enabled":true,"exportable":false}}""";
        using var message = await SendAsync(RequestMethod.Post, identifier, "/create", BinaryData.FromString(body), cancellationToken);
        return EcKey.Read(message.Response);
    }

    /// <summary>A client of one key. Sends nothing.</summary>
    /// <param name="keyName">Letters, digits and dashes.</param>
    /// <param name="keyVersion">The version; null for the latest.</param>
    /// <exception cref="ArgumentException">A name or version that no key has.</exception>
    public virtual CryptographyClient GetCryptographyClient(string keyName, string? keyVersion = null)
    {
        KeyIdentifier identifier = new(VaultUri, keyName, keyVersion);
        return new(identifier.ToUri(), apiVersion, pipeline ?? throw new InvalidOperationException("This client has no vault: override GetCryptographyClient."));
    }

    private async Task<HttpMessage> SendAsync(RequestMethod method, KeyIdentifier key, string operation, BinaryData? body, CancellationToken cancellationToken)
    {
        var message = (pipeline ?? throw new InvalidOperationException("This client has no vault: override its methods.")).CreateMessage();
        try
        {
            message.Request.Method = method;
            message.Request.Uri.Reset(new Uri($"{key}{operation}?api-version={Uri.EscapeDataString(apiVersion)}"));
            if (body is not null)
            {
                message.Request.Headers.SetValue("Content-Type", "application/json");
                message.Request.Content = RequestContent.Create(body);
            }

            await pipeline.SendAsync(message, cancellationToken);
            return message.Response.Status == 200 || (message.Response.Status == 404 && method == RequestMethod.Get)
                ? message
                : throw new RequestFailedException(message.Response);
        }
        catch (Exception e) when (e is AggregateException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            message.Dispose();
            throw new RequestFailedException(0, $"The vault did not answer for {key}: {e.Message}", null, e);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }
}

/// <summary>The public part of a key on P-256.</summary>
/// <param name="Id">The key with its version.</param>
/// <param name="X">32 bytes.</param>
/// <param name="Y">32 bytes.</param>
public sealed record EcKey(string Id, byte[] X, byte[] Y)
{
    private const int Coordinate = 32;

    /// <summary>The key, for checking signatures.</summary>
    public ECDsa ToEcdsa() => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = X, Y = Y } });

    internal static EcKey Read(Response response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            var key = document.RootElement.GetProperty("key");
            if ((key.GetProperty("kty").GetString(), key.GetProperty("crv").GetString()) is not ("EC" or "EC-HSM", "P-256"))
            {
                throw new RequestFailedException(response.Status, $"The key {key.GetProperty("kid").GetString()} is not one on P-256.");
            }

            return new(key.GetProperty("kid").GetString()!, Read(key, "x"), Read(key, "y"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new RequestFailedException(response.Status, $"The vault's answer is no key on P-256: {e.Message}", null, e);
        }
    }

    private static byte[] Read(JsonElement key, string name)
    {
        var value = Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
        return value.Length == Coordinate ? value : throw new FormatException($"{name} has {value.Length} bytes.");
    }
}
