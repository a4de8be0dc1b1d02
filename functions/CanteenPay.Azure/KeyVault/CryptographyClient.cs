using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.KeyVault;

/// <summary>One key of a vault. The vault does the work; the key never leaves it.</summary>
public class CryptographyClient
{
    private readonly HttpPipeline? pipeline;
    private readonly string apiVersion = "";

    internal CryptographyClient(Uri keyId, string apiVersion, HttpPipeline pipeline)
    {
        KeyId = keyId.AbsoluteUri;
        this.apiVersion = apiVersion;
        this.pipeline = pipeline;
    }

    /// <summary>For implementations without a vault.</summary>
    protected CryptographyClient() => KeyId = "";

    /// <summary>The key, as it was named: with its version or without.</summary>
    public virtual string KeyId { get; }

    /// <summary>Wraps a symmetric key.</summary>
    /// <returns>The wrapped key and the very version that opens it.</returns>
    /// <exception cref="RequestFailedException">The vault refused (401, 403, 404), or was not reached (status 0).</exception>
    public virtual async Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default)
    {
        var (keyId, value) = await AskAsync("wrapkey", Name(algorithm), key, cancellationToken);
        return new(keyId, value, algorithm);
    }

    /// <summary>Opens what <see cref="WrapKeyAsync"/> wrapped.</summary>
    /// <exception cref="RequestFailedException">The vault refused (also 400: not wrapped by this key), or was not reached (status 0).</exception>
    public virtual async Task<UnwrapResult> UnwrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default)
    {
        var (keyId, value) = await AskAsync("unwrapkey", Name(algorithm), encryptedKey, cancellationToken);
        return new(keyId, value, algorithm);
    }

    /// <summary>Signs a SHA-256 digest by ES256: ECDSA on P-256.</summary>
    /// <param name="digest">32 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The very version of the key that signed, and r‖s: 64 bytes.</returns>
    /// <exception cref="ArgumentException">It is no SHA-256 digest.</exception>
    /// <exception cref="RequestFailedException">The vault refused (401, 403, 404), or was not reached (status 0).</exception>
    public virtual async Task<SignResult> SignEs256Async(byte[] digest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(digest);
        if (digest.Length != SHA256.HashSizeInBytes)
        {
            throw new ArgumentException($"{digest.Length} bytes are no SHA-256 digest.", nameof(digest));
        }

        var (keyId, value) = await AskAsync("sign", "ES256", digest, cancellationToken);
        return new(keyId, value);
    }

    private async Task<(string KeyId, byte[] Value)> AskAsync(string operation, string algorithm, byte[] value, CancellationToken cancellationToken)
    {
        using var message = (pipeline ?? throw new InvalidOperationException("This client has no vault: override its methods.")).CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new Uri($"{KeyId}/{operation}?api-version={Uri.EscapeDataString(apiVersion)}"));
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(Body(algorithm, value));
        try
        {
            await pipeline.SendAsync(message, cancellationToken);
        }
        catch (Exception e) when (e is AggregateException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException(0, $"The vault did not answer for {KeyId}: {e.Message}", null, e);
        }

        if (message.Response.Status != 200)
        {
            throw new RequestFailedException(message.Response);
        }

        return Read(message.Response, operation);
    }

    private static BinaryData Body(string algorithm, byte[] value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            json.WriteString("value", Base64Url.EncodeToString(value));
            json.WriteEndObject();
        }

        return BinaryData.FromBytes(stream.ToArray());
    }

    private static string Name(KeyWrapAlgorithm algorithm) => algorithm switch
    {
        KeyWrapAlgorithm.RsaOaep256 => "RSA-OAEP-256",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    private (string KeyId, byte[] Value) Read(Response response, string operation)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            return (document.RootElement.GetProperty("kid").GetString()!, Base64Url.DecodeFromChars(document.RootElement.GetProperty("value").GetString()));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // What was answered is not told: it may hold the key in the clear.
            throw new RequestFailedException(response.Status, $"The vault's answer to {operation} by {KeyId} is not the vault's.", null, e);
        }
    }
}

/// <summary>A signature.</summary>
/// <param name="KeyId">The version of the key that signed.</param>
/// <param name="Signature">As the vault gives it: r‖s.</param>
public sealed record SignResult(string KeyId, byte[] Signature);

/// <summary>How a key is wrapped.</summary>
public enum KeyWrapAlgorithm
{
    /// <summary>RSA-OAEP with SHA-256: <c>RSA-OAEP-256</c>.</summary>
    RsaOaep256,
}

/// <summary>A wrapped key.</summary>
/// <param name="KeyId">The version of the key that wrapped it.</param>
/// <param name="EncryptedKey">The wrapped key.</param>
/// <param name="Algorithm">How it was wrapped.</param>
public sealed record WrapResult(string KeyId, byte[] EncryptedKey, KeyWrapAlgorithm Algorithm);

/// <summary>A key that was opened.</summary>
/// <param name="KeyId">The version of the key that opened it.</param>
/// <param name="Key">The key in the clear.</param>
/// <param name="Algorithm">How it was wrapped.</param>
public sealed record UnwrapResult(string KeyId, byte[] Key, KeyWrapAlgorithm Algorithm);
