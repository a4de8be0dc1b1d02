using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Operations;
using Microsoft.Extensions.Configuration;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Which directory may say who somebody is.</summary>
public sealed class DirectorySettingTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7075")]
    [InlineData("https://127.0.0.1:7075")]
    [InlineData("https://localhost")]
    [InlineData("https://login.example.com")]
    [InlineData("http://login.microsoftonline.com")]
    [InlineData("https://login.microsoftonline.com:444")]
    [InlineData("https://login.microsoftonline.com.example.com")]
    [InlineData("https://login.microsoftonline.com@login.example.com")]
    public void Outside_Development_only_Entra_is_believed(string instance)
    {
        Should.Throw<SettingException>(() => FunctionApp.Build([.. TestApp.Settings("Production"), "--AzureAd:Instance", instance])).Message.ShouldContain("AzureAd:Instance");
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com")]
    [InlineData("https://login.microsoftonline.com/")]
    [InlineData("https://login.partner.microsoftonline.cn/")]
    [InlineData("https://login.microsoftonline.us")]
    public void Entra_is_believed_wherever_it_is(string instance)
    {
        Read(isDevelopment: false, instance).Authority.AbsoluteUri.ShouldBe($"{instance.TrimEnd('/')}/{TestDirectory.Tenant}/v2.0");
    }

    [Fact]
    public void In_Development_it_may_be_one_of_this_machine()
    {
        Read(isDevelopment: true, "http://127.0.0.1:7075").MetadataAddress.ShouldBe($"http://127.0.0.1:7075/{TestDirectory.Tenant}/v2.0/.well-known/openid-configuration");
    }

    [Theory]
    [InlineData("common")]
    [InlineData("organizations")]
    [InlineData("consumers")]
    [InlineData("example.com")]
    public void Everybodys_tenant_is_refused(string tenant)
    {
        Should.Throw<SettingException>(() => Read(isDevelopment: true, TestDirectory.Instance, tenant)).Message.ShouldContain("AzureAd:TenantId");
    }

    [Theory]
    [InlineData("AzureAd:Instance")]
    [InlineData("AzureAd:TenantId")]
    [InlineData("AzureAd:ClientId")]
    public void A_setting_that_is_missing_is_named(string missing)
    {
        Should.Throw<SettingException>(() => FunctionApp.Build([.. TestApp.Settings("Production"), $"--{missing}", ""])).Message.ShouldContain(missing);
    }

    private static IdentitySettings Read(bool isDevelopment, string instance, string tenant = TestDirectory.Tenant) => IdentitySettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureAd:Instance"] = instance,
            ["AzureAd:TenantId"] = tenant,
            ["AzureAd:ClientId"] = TestDirectory.Client,
        }).Build(),
        isDevelopment);
}
