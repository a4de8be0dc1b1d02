using System.Security.Cryptography.X509Certificates;
using Azure;
using Azure.Identity;
using CanteenPay.Azure.Functions;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices.Certificates;

/// <summary>
/// What a machine asks for before it can speak to the broker: <c>POST /machine/{deviceId}/certificate</c>. Anonymous; trusted by a code or by the certificate that the
/// machine has. Who is refused is not told why: strangers may ask.
/// </summary>
internal static class MachineDoor
{
    private const int MaxCode = 64, MaxSignature = 256;

    /// <summary>The endpoint.</summary>
    [Function("MachineDoor")]
    public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "machine/{*path}")] RouteGroupBuilder machine) =>
        machine.MapPost("/{deviceId}/certificate", IssueAsync);

    private static async Task<IResult> IssueAsync(string deviceId, HttpRequest http, MachineCertificates certificates, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http, FunctionsJson.Default.CertificateBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!certificates.CanIssue)
            return Results.Problem("There is no device CA here. An operator makes one: infra/device-ca.sh.", statusCode: StatusCodes.Status503ServiceUnavailable);
        var (request, problem) = SigningRequest.Read(body.Csr);
        if (request is null)
            return Results.Problem($"csr: {problem}", statusCode: StatusCodes.Status422UnprocessableEntity);
        try
        {
            using var certificate = DeviceId.TryParse(deviceId, null, out var device)
                ? await AskAsync(device, body, request, certificates, cancellationToken)
                : null;
            return certificate is null
                ? Results.Problem("No certificate for this machine on this word. An operator can draw a new code.", statusCode: StatusCodes.Status403Forbidden)
                : Results.Ok(new CertificateView(certificate.ExportCertificatePem(), MachineAuthority.EndOf(certificate).ToUniversalTime()));
        }
        catch (Exception e) when (e is RequestFailedException { Status: 0 or 429 or >= 500 } or AuthenticationFailedException)
        {
            return Results.Problem("What signs does not answer now. Ask again in a while.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<X509Certificate2?> AskAsync(
        DeviceId device, CertificateBody body, SigningRequest request, MachineCertificates certificates, CancellationToken cancellationToken) => body switch
        {
            { Code: { Length: > 0 and <= MaxCode } code, Certificate: null, Signature: null } => await certificates.IssueByCodeAsync(device, code, request, cancellationToken),
            { Code: null, Certificate: { } current, Signature: { Length: > 0 and <= MaxSignature } signature } =>
                await certificates.RenewAsync(device, current, signature, request, cancellationToken),
            _ => null,
        };
}

/// <summary>What a machine sends.</summary>
/// <param name="Csr">Its signing request, PEM.</param>
/// <param name="Code">The code that an operator drew, for a first certificate.</param>
/// <param name="Certificate">Or the certificate that it has, PEM,</param>
/// <param name="Signature">and the signature by that one's key over <see cref="SigningRequest.RenewalText"/>: ECDSA with SHA-256, DER, base64.</param>
internal sealed record CertificateBody(string? Csr = null, string? Code = null, string? Certificate = null, byte[]? Signature = null);

/// <summary>What it gets.</summary>
internal sealed record CertificateView(string Certificate, DateTimeOffset NotAfter);
