using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Enrolment;

/// <summary>Asks the cloud for the machine's certificate: <c>POST {cloud}/machine/{deviceId}/certificate</c>. The key never leaves the machine.</summary>
internal sealed class CertificateRequester(HttpClient http, Uri cloud, DeviceId device, IdentityFile file, TimeProvider clock)
{
    /// <summary>How long before its end a certificate is renewed: time for a machine that was away, and inside what the cloud allows (90 days).</summary>
    public static readonly TimeSpan RenewalWindow = TimeSpan.FromDays(60);

    private const int MaxAnswer = 16 * 1024;

    /// <summary>The first certificate, for a code that an operator drew.</summary>
    /// <exception cref="EnrolmentException">It was refused, or not answered.</exception>
    public async Task<DateTimeOffset> EnrolAsync(string code, CancellationToken cancellationToken)
    {
        using var key = file.Draft();
        return await AskAsync(key, new() { Csr = Request(key).Pem, Code = code }, cancellationToken);
    }

    /// <summary>The next certificate, for the one that is there; null when that is good for longer than <see cref="RenewalWindow"/>.</summary>
    /// <exception cref="EnrolmentException">There is none, it was refused, or not answered.</exception>
    public async Task<DateTimeOffset?> RenewAsync(CancellationToken cancellationToken)
    {
        using var current = file.Current() ?? throw new EnrolmentException($"{file.Path} holds no certificate with its key. Enrol the machine: an operator draws a code.");
        if (new DateTimeOffset(current.NotAfter) - clock.GetUtcNow() > RenewalWindow)
            return null;
        using var currentKey = current.GetECDsaPrivateKey() ?? throw new EnrolmentException($"The key in {file.Path} is not an EC key. Enrol the machine: an operator draws a code.");
        using var key = file.Draft();
        var (pem, bytes) = Request(key);
        byte[] text = [.. Encoding.ASCII.GetBytes($"canteenpay-renewal-1|{device}|"), .. bytes];
        return await AskAsync(
            key,
            new()
            {
                Csr = pem,
                Certificate = current.ExportCertificatePem(),
                Signature = currentKey.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            },
            cancellationToken);
    }

    private (string Pem, byte[] Bytes) Request(ECDsa key)
    {
        var bytes = new CertificateRequest($"CN={device}", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        return (PemEncoding.WriteString("CERTIFICATE REQUEST", bytes), bytes);
    }

    private async Task<DateTimeOffset> AskAsync(ECDsa key, CertificateWish wish, CancellationToken cancellationToken)
    {
        var address = new Uri(cloud, $"/machine/{device}/certificate");
        try
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(wish, EnrolmentJson.Default.CertificateWish));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            http.MaxResponseContentBufferSize = MaxAnswer;
            using var answer = await http.PostAsync(address, content, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new EnrolmentException($"{address} answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(body)}");
            var given = JsonSerializer.Deserialize(body, EnrolmentJson.Default.CertificateAnswer)?.Certificate ?? "";
            using var certificate = X509Certificate2.CreateFromPem(given);
            // What is not ours would keep the machine from the broker: better the one before.
            if (certificate.Subject != $"CN={device}" || !certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                throw new EnrolmentException($"{address} answered with a certificate of {certificate.Subject}, not of this machine's key.");
            file.Keep(key, certificate.ExportCertificatePem());
            return new(certificate.NotAfter);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or CryptographicException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new EnrolmentException($"{address} did not answer as it should: {e.Message} Nothing is changed; try again, the code is still good.", e);
        }
    }
}

/// <summary>The machine has no new certificate; the message says why and what to do.</summary>
internal sealed class EnrolmentException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What is sent.</summary>
internal sealed record CertificateWish
{
    /// <summary>The signing request, PEM.</summary>
    public required string Csr { get; init; }

    /// <summary>The code, for a first certificate.</summary>
    public string? Code { get; init; }

    /// <summary>Or the certificate that is there, PEM.</summary>
    public string? Certificate { get; init; }

    /// <summary>With the signature by its key.</summary>
    public byte[]? Signature { get; init; }
}

/// <summary>What is answered.</summary>
internal sealed record CertificateAnswer(string? Certificate);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CertificateWish))]
[JsonSerializable(typeof(CertificateAnswer))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
