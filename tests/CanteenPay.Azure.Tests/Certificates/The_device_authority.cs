using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure;
using CanteenPay.Azure.Certificates;
using CanteenPay.Azure.KeyVault;
using CanteenPay.Azure.Tests.KeyVault;

namespace CanteenPay.Azure.Tests.Certificates;

/// <summary>A certificate whose key is in a vault, against a stand-in that signs as a vault does.</summary>
public sealed class The_device_authority : IDisposable
{
    private static readonly DateTimeOffset From = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Life = TimeSpan.FromDays(3652);
    private readonly VaultOfEcKeys vault = new();

    public void Dispose() => vault.Dispose();

    [Fact]
    public async Task It_is_signed_by_the_vaults_own_key_and_verifies_with_openssl()
    {
        vault.Add("device-ca");
        await using var server = await RestServer.StartAsync(vault.AnswerAsync);

        var (certificate, keyId) = await MakeAsync(server);

        using (certificate)
        {
            keyId.ShouldBe("https://contoso.vault.azure.net/keys/device-ca/v1");
            server.Requests.Select(request => $"{request.Method} {request.Target}").ShouldBe(
                ["GET /keys/device-ca?api-version=7.4", "POST /keys/device-ca/v1/sign?api-version=7.4"]);
            certificate.Subject.ShouldBe("CN=CanteenPay device CA");
            certificate.Issuer.ShouldBe(certificate.Subject);
            (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime()).ShouldBe((From.UtcDateTime, (From + Life).UtcDateTime));
            var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().ShouldHaveSingleItem();
            (constraints.CertificateAuthority, constraints.PathLengthConstraint, constraints.Critical).ShouldBe((true, 0, true));
            certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages.ShouldBe(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign);
            (await VerifiesAsync(certificate)).ShouldBe((0, "OK"));
        }
    }

    [Fact]
    public async Task Its_key_is_made_where_there_is_none_and_cannot_leave()
    {
        await using var server = await RestServer.StartAsync(vault.AnswerAsync);

        var (certificate, _) = await MakeAsync(server);

        certificate.Dispose();
        // The stand-in takes nothing but a P-256 key that signs and is not exportable.
        server.Requests.Select(request => request.Target).ShouldBe(
            ["/keys/device-ca?api-version=7.4", "/keys/device-ca/create?api-version=7.4", "/keys/device-ca/v1/sign?api-version=7.4"]);
    }

    [Fact]
    public async Task A_vault_that_signs_by_another_key_is_found_out()
    {
        vault.Add("device-ca");
        vault.SignsByAnother = true;
        await using var server = await RestServer.StartAsync(vault.AnswerAsync);

        await Should.ThrowAsync<CryptographicException>(() => MakeAsync(server));
    }

    [Fact]
    public async Task A_key_of_another_kind_is_refused()
    {
        await using var server = await RestServer.StartAsync((_, response) => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
            response, """{"key":{"kid":"https://contoso.vault.azure.net/keys/device-ca/v1","kty":"RSA","crv":"P-256","n":"AQAB","e":"AQAB"}}"""));

        (await Should.ThrowAsync<RequestFailedException>(() => MakeAsync(server))).Message.ShouldContain("P-256");
    }

    [Theory]
    [InlineData("", 3652)]
    [InlineData("CA, O=Somebody", 3652)]
    [InlineData("CanteenPay device CA", 0)]
    [InlineData("CanteenPay device CA", 36500)]
    public async Task A_name_or_a_life_that_it_cannot_have_is_refused_before_the_vault_is_asked(string name, int days)
    {
        await using var server = await RestServer.StartAsync(vault.AnswerAsync);

        await Should.ThrowAsync<ArgumentException>(() => DeviceAuthority.CreateAsync(Client(server), "device-ca", name, From, TimeSpan.FromDays(days), default));

        server.Requests.ShouldBeEmpty();
    }

    private static KeyClient Client(RestServer server) => new(VaultOfEcKeys.Address, new FixedToken(), new KeyClientOptions { Transport = Redirect.To(server) });

    private static Task<(X509Certificate2 Certificate, string KeyId)> MakeAsync(RestServer server) =>
        DeviceAuthority.CreateAsync(Client(server), "device-ca", "CanteenPay device CA", From, Life, default);

    /// <summary>As a broker's administrator would look at it.</summary>
    private static async Task<(int ExitCode, string LastWord)> VerifiesAsync(X509Certificate2 certificate)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
            using var openssl = Process.Start(new ProcessStartInfo("openssl", ["verify", "-x509_strict", "-check_ss_sig", "-attime", "1795500000", "-CAfile", file, file])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
            var said = await openssl.StandardOutput.ReadToEndAsync();
            await openssl.WaitForExitAsync();
            return (openssl.ExitCode, said.Trim().Split(' ')[^1]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
