using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Devices.Certificates;
using CanteenPay.Functions.Tests.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Devices;

/// <summary>Machines' certificates: <c>POST /api/machines/{id}/code</c>, <c>POST /machine/{id}/certificate</c>.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    /// <summary>P-256, but by its numbers: <c>openssl ecparam -name prime256v1 -param_enc explicit</c>.</summary>
    private const string SpelledOutCurve = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIIBvDCCAWICAQAwDDEKMAgGA1UEAwwBeDCCAUswggEDBgcqhkjOPQIBMIH3AgEB
        MCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBb
        BCD/////AAAAAQAAAAAAAAAAAAAAAP///////////////AQgWsY12Ko6k+ez671V
        dpiGvGUdBrDMU7D2O848PifSYEsDFQDEnTYIhucEk2pmeOETnSa3gZ9+kARBBGsX
        0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivO
        M1drMV7Oy7ZAaDe/UfUCIQD/////AAAAAP//////////vOb6racXnoTzucrC/GMl
        UQIBAQNCAAR+gC4sK3ezj3GuPMdSMWyBEVNBtkMeSaLx7IIUcCEH1HOjAbhQE+F3
        Hu+JvaHpfNBeFGXnLkHxIOAfGPiLba7zoAAwCgYIKoZIzj0EAwIDSAAwRQIgNsgp
        UfRssyfcL7Fw0OPB6sKMjHheMn2n/tIxCFusV5cCIQCotcUOD6bk6m+znHkjTWcl
        Sw/4or80FSesI2h/1oFORg==
        -----END CERTIFICATE REQUEST-----
        """;

    private readonly World _world = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private MerchantCalls _http = null!;
    private MerchantId _merchant;
    private DeviceId _device;

    public async Task InitializeAsync()
    {
        _http = await MerchantCalls.StartAsync(_world);
        _merchant = await _world.ActiveMerchantAsync(await _world.DistributorAsync());
        _device = await _http.EnrolAsync(_merchant, "一号窗口");
    }

    public async Task DisposeAsync()
    {
        _key.Dispose();
        await _http.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task A_machine_gets_a_certificate_that_names_it_whatever_its_request_says()
    {
        var request = new CertificateRequest("CN=DEVMACH1,O=Somebody", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("DEVMACH1");
        request.CertificateExtensions.Add(names.Build());

        var (status, answer) = await AskAsync(_device, new() { ["csr"] = request.CreateSigningRequestPem(), ["code"] = await CodeAsync() });

        status.ShouldBe(HttpStatusCode.OK, answer.ToJsonString());
        using var certificate = X509Certificate2.CreateFromPem(answer["certificate"]!.GetValue<string>());
        certificate.Subject.ShouldBe($"CN={_device}");
        certificate.PublicKey.ExportSubjectPublicKeyInfo().ShouldBe(_key.ExportSubjectPublicKeyInfo());
        certificate.NotAfter.ToUniversalTime().ShouldBe(World.Noon.UtcDateTime.AddDays(365));
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ShouldBeEmpty();
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = World.Noon.UtcDateTime } };
        chain.ChainPolicy.CustomTrustStore.Add(CaInMemory.Certificate);
        chain.Build(certificate).ShouldBeTrue(string.Join(", ", chain.ChainStatus.Select(state => state.StatusInformation)));
        _world.Log.ShouldNotContain(line => line.Contains("BEGIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_is_good_for_one_key_and_for_that_key_again_because_an_answer_may_get_lost()
    {
        var code = await CodeAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        (await ByCodeAsync(_device, code, _key)).ShouldBe(HttpStatusCode.OK);
        (await ByCodeAsync(_device, code, _key)).ShouldBe(HttpStatusCode.OK);
        (await ByCodeAsync(_device, code, other)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_code_is_good_for_its_machine_its_time_and_until_the_next_is_drawn()
    {
        var other = await _http.EnrolAsync(_merchant, "二号窗口", "machine-2");
        var first = await CodeAsync();

        (await ByCodeAsync(other, first, _key)).ShouldBe(HttpStatusCode.Forbidden);
        (await ByCodeAsync(DeviceId.Parse("N0THERE0"), first, _key)).ShouldBe(HttpStatusCode.Forbidden);
        (await ByCodeAsync(_device, "WR0NGWR0NGWR0NGWR0NG", _key)).ShouldBe(HttpStatusCode.Forbidden);
        var second = await CodeAsync();
        (await ByCodeAsync(_device, first, _key)).ShouldBe(HttpStatusCode.Forbidden);
        await _world.PassAsync(EnrolmentCode.Life);
        (await ByCodeAsync(_device, second, _key)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_blocked_machine_gets_neither_code_nor_certificate_nor_renewal()
    {
        var code = await CodeAsync();
        var (key, certificate) = await CertifiedAsync(code);
        await _world.PassAsync(TimeSpan.FromDays(300));
        await _http.PostAsync($"/api/machines/{_device}/block", "");

        (await ByCodeAsync(_device, code, _key)).ShouldBe(HttpStatusCode.Forbidden);
        (await RenewAsync(_device, key, certificate, Csr(_key))).ShouldBe(HttpStatusCode.Forbidden);
        (await _http.PostAsync($"/api/machines/{_device}/code", "")).Status.ShouldBe(HttpStatusCode.NotFound);
        await _http.PostAsync($"/api/machines/{_device}/unblock", "");
        (await RenewAsync(_device, key, certificate, Csr(_key))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_certificate_is_renewed_by_its_own_key_for_a_new_one_in_its_last_ninety_days()
    {
        var (key, certificate) = await CertifiedAsync(await CodeAsync());
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        (await RenewAsync(_device, key, certificate, Csr(next))).ShouldBe(HttpStatusCode.Forbidden, "too early");
        await _world.PassAsync(TimeSpan.FromDays(280));
        (await RenewAsync(_device, next, certificate, Csr(next))).ShouldBe(HttpStatusCode.Forbidden, "signed by another key");
        (await RenewAsync(World.Machine, key, certificate, Csr(next))).ShouldBe(HttpStatusCode.Forbidden, "another machine");
        (await RenewAsync(_device, key, certificate, Csr(next), signedFor: Csr(key))).ShouldBe(HttpStatusCode.Forbidden, "another request was signed");
        (await RenewAsync(_device, key, certificate, Csr(next))).ShouldBe(HttpStatusCode.OK);
        await _world.PassAsync(TimeSpan.FromDays(86));
        (await RenewAsync(_device, key, certificate, Csr(next))).ShouldBe(HttpStatusCode.Forbidden, "it has ended");
    }

    [Fact]
    public async Task A_certificate_of_somebody_elses_CA_renews_nothing()
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // By the same name as ours.
        using var ca = CaInMemory.Make(caKey, CaInMemory.Certificate.Subject, World.Noon.AddYears(-1), World.Noon.AddYears(9));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = await new MachineAuthority(ca, new FileCaKey(caKey)).IssueAsync(_device, new PublicKey(key), World.Noon.AddDays(-300), default);

        (await RenewAsync(_device, key, forged.ExportCertificatePem(), Csr(key))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_CA_itself_is_no_machines_certificate() =>
        (await RenewAsync(_device, _key, CaInMemory.Certificate.ExportCertificatePem(), Csr(_key))).ShouldBe(HttpStatusCode.Forbidden);

    [Fact]
    public async Task A_request_with_another_kind_of_key_or_without_proof_of_its_own_is_refused_in_words()
    {
        var code = await CodeAsync();
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var good = Csr(_key);
        var bytes = new CertificateRequest("CN=x", _key, HashAlgorithmName.SHA256).CreateSigningRequest();
        bytes[^1] ^= 1;
        string?[] hostile =
        [
            null, "", "no PEM", good[..^40], good + new string(' ', 4000), good.Replace("CERTIFICATE REQUEST", "CERTIFICATE", StringComparison.Ordinal),
            new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(),
            Csr(p384), SpelledOutCurve, PemEncoding.WriteString("CERTIFICATE REQUEST", bytes), PemEncoding.WriteString("CERTIFICATE REQUEST", [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]),
            CaInMemory.Certificate.ExportCertificatePem(),
        ];

        foreach (var csr in hostile)
        {
            var (status, problem) = await AskAsync(_device, new() { ["csr"] = csr, ["code"] = code });
            status.ShouldBe(HttpStatusCode.UnprocessableEntity, csr);
            problem["detail"]!.GetValue<string>().ShouldStartWith("csr: ");
        }

        (await ByCodeAsync(_device, code, _key)).ShouldBe(HttpStatusCode.OK, "none of them used up the code");
    }

    [Fact]
    public async Task A_word_of_both_kinds_or_of_none_is_no_word()
    {
        var code = await CodeAsync();

        (await AskAsync(_device, new() { ["csr"] = Csr(_key) })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync(_device, new() { ["csr"] = Csr(_key), ["code"] = code, ["certificate"] = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync(_device, new() { ["csr"] = Csr(_key), ["certificate"] = "x", ["signature"] = "AAAA" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AskAsync(_device, new() { ["csr"] = Csr(_key), ["certificate"] = "x", ["signature"] = "!!" })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_audit_says_that_a_code_was_drawn_and_not_which()
    {
        var code = await CodeAsync();

        var rows = await _world.Tables.GetTableClient("Audit").QueryAsync<CanteenPay.Azure.Tables.TableEntity>("").ToListAsync();
        rows.ShouldContain(row => row.Any(column => column.Value.ToString()!.Contains("/code", StringComparison.Ordinal)));
        rows.SelectMany(row => row).ShouldNotContain(column => column.Value.ToString()!.Contains(code, StringComparison.Ordinal));
        var kept = await _world.Tables.GetTableClient("Devices").QueryAsync<CanteenPay.Azure.Tables.TableEntity>("").ToListAsync();
        kept.SelectMany(row => row).ShouldNotContain(column => column.Value.ToString()!.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_is_killed_after_any_step_leaves_a_code_that_is_still_good_for_the_machine_that_asked()
    {
        for (var killAfter = 1; ; killAfter++)
        {
            using var world = new World();
            var certificates = world.Get<MachineCertificates>();
            var code = (await certificates.DrawCodeAsync(World.Machine, default))!.Code;
            var killed = world.KillAfter(killAfter);
            var (request, _) = SigningRequest.Read(Csr(_key));
            X509Certificate2? certificate = null;
            for (var attempt = 0; attempt < 2 && certificate is null; attempt++)
            {
                world.HandlerIsDead = false;
                try
                {
                    certificate = await certificates.IssueByCodeAsync(World.Machine, code, request!, default);
                }
                catch (Killed death)
                {
                    world.Failures.Add(death);
                }
            }

            certificate.ShouldNotBeNull($"killed after I/O {killAfter}").Dispose();
            if (!killed())
                break;
            killAfter.ShouldBeLessThan(10);
        }
    }

    [Fact]
    public async Task Nothing_outlives_the_CA_and_one_that_has_ended_signs_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new MachineAuthority(CaInMemory.Make(key, "CN=Old CA", World.Noon.AddYears(-9), World.Noon.AddDays(30)), new FileCaKey(key));

        using var certificate = await authority.IssueAsync(_device, new PublicKey(_key), World.Noon, default);

        certificate.NotAfter.ToUniversalTime().ShouldBe(World.Noon.UtcDateTime.AddDays(30));
        authority.CanIssue(World.Noon.AddDays(31)).ShouldBeFalse();
        MachineAuthority.None.CanIssue(World.Noon).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_has_a_certificate_of_the_former_CA_renews_by_it_and_gets_one_of_the_new()
    {
        using var nextKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // As infra/device-ca.sh calls both.
        using var next = CaInMemory.Make(nextKey, CaInMemory.Certificate.Subject, World.Noon.AddDays(-1), World.Noon.AddYears(9));
        using var ofFormer = await CaInMemory.Authority.IssueAsync(_device, new PublicKey(_key), World.Noon, default);
        var both = new MachineAuthority(next, new FileCaKey(nextKey), CaInMemory.Certificate);
        var alone = new MachineAuthority(next, new FileCaKey(nextKey));

        using var renewed = await both.IssueAsync(_device, new PublicKey(_key), World.Noon, default);

        both.Read(ofFormer.ExportCertificatePem(), _device, World.Noon).ShouldNotBeNull().Dispose();
        alone.Read(renewed.ExportCertificatePem(), _device, World.Noon).ShouldNotBeNull().Dispose();
        alone.Read(ofFormer.ExportCertificatePem(), _device, World.Noon).ShouldBeNull();
        CaInMemory.Authority.Read(renewed.ExportCertificatePem(), _device, World.Noon).ShouldBeNull();
    }

    private static string Csr(ECDsa key) => new CertificateRequest("CN=whoever", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    private async Task<string> CodeAsync()
    {
        var (status, answer) = await _http.PostAsync($"/api/machines/{_device}/code", "");
        status.ShouldBe(HttpStatusCode.OK, answer.ToJsonString());
        return answer["code"]!.GetValue<string>();
    }

    private Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(DeviceId device, JsonObject body) =>
        _http.PostAsync($"/machine/{device}/certificate", JsonSerializer.Serialize(body));

    private async Task<HttpStatusCode> ByCodeAsync(DeviceId device, string code, ECDsa key) =>
        (await AskAsync(device, new() { ["csr"] = Csr(key), ["code"] = code })).Status;

    private async Task<(ECDsa Key, string Certificate)> CertifiedAsync(string code)
    {
        var (status, answer) = await AskAsync(_device, new() { ["csr"] = Csr(_key), ["code"] = code });
        status.ShouldBe(HttpStatusCode.OK, answer.ToJsonString());
        return (_key, answer["certificate"]!.GetValue<string>());
    }

    private async Task<HttpStatusCode> RenewAsync(DeviceId device, ECDsa key, string certificate, string csr, string? signedFor = null)
    {
        var text = SigningRequest.Read(signedFor ?? csr).Request!.RenewalText(device.Value);
        var signature = key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return (await AskAsync(device, new() { ["csr"] = csr, ["certificate"] = certificate, ["signature"] = Convert.ToBase64String(signature) })).Status;
    }
}
