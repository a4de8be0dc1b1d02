using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.DeviceAgent.Enrolment;
using CanteenPay.Protocol;
using Microsoft.Extensions.Configuration;

namespace CanteenPay.DeviceAgent.Tests.Enrolment;

/// <summary>Key, request and file of a machine that enrols, against a CA that signs what it is asked to.</summary>
public sealed class Machine_gets_its_certificate : IDisposable
{
    private static readonly Uri Cloud = new("https://pay.example.com");
    private static readonly DeviceId Device = DeviceId.Parse("DEVMACH1");

    private readonly string _folder = Directory.CreateTempSubdirectory("identity-").FullName;
    private readonly CloudCa _ca = new();

    private string File => Path.Combine(_folder, "machine.pem");

    public void Dispose()
    {
        _ca.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Key_and_certificate_are_one_file_of_its_owner_alone()
    {
        await Requester().EnrolAsync("C0DE", default);

        using var identity = X509Certificate2.CreateFromPemFile(File, File);
        identity.Subject.ShouldBe("CN=DEVMACH1");
        identity.HasPrivateKey.ShouldBeTrue();
        System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder).ShouldBe([File]);
        var asked = _ca.Asked.ShouldHaveSingleItem();
        asked["code"]!.GetValue<string>().ShouldBe("C0DE");
        asked.ToJsonString().ShouldNotContain("PRIVATE");
    }

    [Fact]
    public async Task After_a_lost_answer_it_asks_with_the_same_key_because_a_code_is_good_for_one()
    {
        _ca.LosesAnswer = true;
        await Should.ThrowAsync<EnrolmentException>(() => Requester().EnrolAsync("C0DE", default));
        System.IO.File.Exists(File).ShouldBeFalse();
        _ca.LosesAnswer = false;

        await Requester().EnrolAsync("C0DE", default);

        _ca.Keys.Count.ShouldBe(2);
        _ca.Keys[1].ShouldBe(_ca.Keys[0]);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_clouds_words()
    {
        _ca.Status = HttpStatusCode.Forbidden;

        (await Should.ThrowAsync<EnrolmentException>(() => Requester().EnrolAsync("C0DE", default))).Message.ShouldContain("403");
    }

    [Fact]
    public async Task A_certificate_of_another_key_or_another_machine_is_not_taken_and_the_one_that_is_there_stays()
    {
        await Requester().EnrolAsync("C0DE", default);
        var before = await System.IO.File.ReadAllTextAsync(File);

        _ca.SignsAnotherKey = true;
        await Should.ThrowAsync<EnrolmentException>(() => Requester().EnrolAsync("C0DE", default));
        (_ca.SignsAnotherKey, _ca.Name) = (false, "CN=DEVMACH2");
        await Should.ThrowAsync<EnrolmentException>(() => Requester().EnrolAsync("C0DE", default));

        (await System.IO.File.ReadAllTextAsync(File)).ShouldBe(before);
    }

    [Fact]
    public async Task It_is_renewed_in_its_last_sixty_days_by_the_key_that_is_there_for_a_new_one()
    {
        _ca.Life = TimeSpan.FromDays(90);
        await Requester().EnrolAsync("C0DE", default);
        (await Requester().RenewAsync(default)).ShouldBeNull();
        _ca.Life = TimeSpan.FromDays(59);
        await Requester().EnrolAsync("C0DE", default);
        using var old = X509Certificate2.CreateFromPemFile(File, File);
        _ca.Life = TimeSpan.FromDays(365);

        (await Requester().RenewAsync(default)).ShouldNotBeNull();

        var asked = _ca.Asked[^1];
        asked["code"].ShouldBeNull();
        using var oldKey = old.GetECDsaPublicKey()!;
        byte[] text = [.. "canteenpay-renewal-1|DEVMACH1|"u8, .. Bytes(asked["csr"]!.GetValue<string>())];
        oldKey.VerifyData(text, Convert.FromBase64String(asked["signature"]!.GetValue<string>()), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        X509Certificate2.CreateFromPem(asked["certificate"]!.GetValue<string>()).Thumbprint.ShouldBe(old.Thumbprint);
        using var renewed = X509Certificate2.CreateFromPemFile(File, File);
        renewed.PublicKey.ExportSubjectPublicKeyInfo().ShouldNotBe(old.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public async Task Without_a_certificate_there_is_nothing_to_renew() =>
        (await Should.ThrowAsync<EnrolmentException>(() => Requester().RenewAsync(default))).Message.ShouldContain("draws a code");

    [Theory]
    [InlineData("--enrol", null, "one", "one", "C0DE")]
    [InlineData("--enrol", "http://pay.example.com", "one", "one", "C0DE")]
    [InlineData("--enrol", "https://pay.example.com", "one", "two", "C0DE")]
    [InlineData("--enrol", "https://pay.example.com", "one", "one", "")]
    [InlineData("--renew", "ftp://pay.example.com", "one", "one", "")]
    public async Task What_cannot_work_is_refused_in_words_before_anybody_is_asked(string option, string? url, string certificate, string key, string typed)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Agent:DeviceId"] = "DEVMACH1",
            ["Agent:Broker:CertificateFile"] = Path.Combine(_folder, certificate),
            ["Agent:Broker:KeyFile"] = Path.Combine(_folder, key),
        }).Build();
        using var error = new StringWriter();

        var exit = await EnrolCommand.RunAsync(url is null ? [option] : [option, url], settings, new StringReader(typed), TextWriter.Null, error, TimeProvider.System);

        exit.ShouldBe(2);
        error.ToString().ShouldNotBeEmpty();
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    private static byte[] Bytes(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);

    private CertificateRequester Requester() => new(new HttpClient(_ca, disposeHandler: false), Cloud, Device, new IdentityFile(File), TimeProvider.System);

    /// <summary>Signs whatever is asked, or does what a test says.</summary>
    private sealed class CloudCa : HttpMessageHandler
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public List<JsonNode> Asked { get; } = [];

        public List<string> Keys { get; } = [];

        public bool LosesAnswer { get; set; }

        public bool SignsAnotherKey { get; set; }

        public string Name { get; set; } = "CN=DEVMACH1";

        public TimeSpan Life { get; set; } = TimeSpan.FromDays(365);

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri.ShouldBe(new Uri(Cloud, "/machine/DEVMACH1/certificate"));
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            Asked.Add(body);
            var csr = CertificateRequest.LoadSigningRequest(Bytes(body["csr"]!.GetValue<string>()), HashAlgorithmName.SHA256);
            Keys.Add(Convert.ToHexString(csr.PublicKey.ExportSubjectPublicKeyInfo()));
            if (LosesAnswer)
                throw new HttpRequestException("the answer was lost");
            var now = TimeProvider.System.GetUtcNow();
            var signed = new CertificateRequest(new X500DistinguishedName(Name), SignsAnotherKey ? new PublicKey(_key) : csr.PublicKey, HashAlgorithmName.SHA256)
                .Create(new X500DistinguishedName("CN=CA"), X509SignatureGenerator.CreateForECDsa(_key), now.AddDays(-1), now + Life, [1, 2, 3]);
            var answer = new JsonObject { ["certificate"] = signed.ExportCertificatePem(), ["notAfter"] = now + Life };
            return new(Status) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") };
        }

        protected override void Dispose(bool disposing)
        {
            _key.Dispose();
            base.Dispose(disposing);
        }
    }
}
