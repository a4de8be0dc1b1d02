using CanteenPay.Functions.Devices.Certificates;
using CanteenPay.Functions.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;

namespace CanteenPay.Functions.Tests.Devices;

/// <summary>A device CA that settings name wrongly is found when the app starts.</summary>
public sealed class DeviceCaSettingsTests
{
    [Theory]
    [InlineData("Production", "DeviceCa:KeyFile", "ca.key", "DeviceCa:KeyFile")]
    [InlineData("Development", "DeviceCa:KeyFile", "ca.key", "DeviceCa:CertificateFile")]
    [InlineData("Production", "DeviceCa:Certificate", "bm8gY2VydGlmaWNhdGU=", "DeviceCa:Certificate")]
    [InlineData("Production", "DeviceCa:Certificate", "!", "DeviceCa:Certificate")]
    [InlineData("Production", "DeviceCa:KeyVaultKey", "https://vault.example.com/keys/device-ca", "DeviceCa:Certificate")]
    public void A_setting_that_names_no_CA_is_named_at_the_start(string environment, string name, string value, string named)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();

        Should.Throw<SettingException>(() => DeviceCaSettings.Read(settings, new HostingEnvironment { EnvironmentName = environment }, new(() => throw new InvalidOperationException())))
            .Message.ShouldContain(named);
    }

    [Fact]
    public void A_former_CA_that_is_none_is_named_at_the_start()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DeviceCa:Certificate"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(CaInMemory.Certificate.ExportCertificatePem())),
            ["DeviceCa:KeyVaultKey"] = "https://vault.example.com/keys/device-ca",
            ["DeviceCa:FormerCertificate"] = "bm8gY2VydGlmaWNhdGU=",
        }).Build();

        Should.Throw<SettingException>(() => DeviceCaSettings.Read(settings, new HostingEnvironment { EnvironmentName = "Production" }, new(() => throw new InvalidOperationException())))
            .Message.ShouldContain("DeviceCa:FormerCertificate");
    }
}
