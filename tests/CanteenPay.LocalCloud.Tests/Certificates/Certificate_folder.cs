using System.Security.Cryptography.X509Certificates;
using CanteenPay.LocalCloud.Certificates;

namespace CanteenPay.LocalCloud.Tests.Certificates;

public sealed class Certificate_folder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("certificates-").FullName;

    [Fact]
    public void Certificates_are_made_once_and_a_new_machine_gets_its_own_beside_them()
    {
        var certificates = new CertificateFolder(_folder, TimeProvider.System);
        certificates.Ensure(["DEVMACH1"]);
        var before = Files();

        certificates.Ensure(["DEVMACH1", "DEVMACH2"]);

        var after = Files();
        before.ShouldAllBe(file => after[file.Key] == file.Value);
        after.Keys.Except(before.Keys).Order().ShouldBe([Path.Combine(_folder, "devices/DEVMACH2.key"), Path.Combine(_folder, "devices/DEVMACH2.pem")]);
    }

    [Fact]
    public void Every_file_is_readable_by_its_owner_only()
    {
        new CertificateFolder(_folder, TimeProvider.System).Ensure(["DEVMACH1"]);

        Files().Keys.ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void A_machines_certificate_has_its_id_as_common_name_and_is_signed_by_the_authority()
    {
        var certificates = new CertificateFolder(_folder, TimeProvider.System);
        certificates.Ensure(["DEVMACH1"]);
        var machine = certificates.Device("DEVMACH1");
        using var certificate = X509Certificate2.CreateFromPemFile(machine.CertificateFile, machine.KeyFile);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(certificates.CaFile);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        chain.Build(certificate).ShouldBeTrue();
        certificate.Subject.ShouldBe("CN=DEVMACH1");
        certificate.HasPrivateKey.ShouldBeTrue();
        (certificate.NotAfter - certificate.NotBefore).ShouldBeGreaterThan(TimeSpan.FromDays(3600));
    }

    [Fact]
    public void Without_the_authority_everything_is_made_anew_because_nothing_old_would_be_trusted()
    {
        var certificates = new CertificateFolder(_folder, TimeProvider.System);
        certificates.Ensure(["DEVMACH1"]);
        var old = Files()[certificates.Device("DEVMACH1").CertificateFile];
        File.Delete(certificates.CaFile);

        certificates.Ensure(["DEVMACH1"]);

        Files()[certificates.Device("DEVMACH1").CertificateFile].ShouldNotBe(old);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Dictionary<string, string> Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllText);
}
