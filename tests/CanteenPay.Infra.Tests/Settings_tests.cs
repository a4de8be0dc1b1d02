using CanteenPay.Functions.Operations;
using CanteenPay.Infra.Tests.Code;

namespace CanteenPay.Infra.Tests;

/// <summary>Settings: what Bicep gives the app, what the app reads, and what the local cloud gives it.</summary>
public sealed class Settings_tests
{
    private const string Signer = "7500000001";

    /// <summary>Read by the host, by App Insights' agent in it, or by Azure.Identity: never by code of ours.</summary>
    private static readonly string[] OfThePlatform =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "ServiceBus__credential", "ServiceBus__clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "AZURE_CLIENT_ID",
    ];

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void The_app_starts_with_the_settings_of_Bicep_alone(string environment) =>
        AppInCode.Read(Deployment.Of(environment).AppSettings(), Signer).ShouldNotBeEmpty();

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void Bicep_gives_the_app_nothing_that_it_does_not_read(string environment)
    {
        var settings = Deployment.Of(environment).AppSettings();
        var read = AppInCode.Read(settings, Signer);

        settings.Keys.Except(OfThePlatform).Select(name => name.Replace("__", ":", StringComparison.Ordinal)).Except(read).ShouldBeEmpty();
        OfThePlatform.Except(settings.Keys).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Tables__Endpoint")]
    [InlineData("Blobs__Endpoint")]
    [InlineData("ServiceBus__fullyQualifiedNamespace")]
    [InlineData("EventGrid__Endpoint")]
    [InlineData("EventGrid__NamespaceId")]
    [InlineData("ResourceManager__Endpoint")]
    [InlineData("Sealing__KeyVaultKey")]
    [InlineData("Payments__PublicBaseUrl")]
    [InlineData("AzureAd__Instance")]
    [InlineData("AzureAd__TenantId")]
    [InlineData("AzureAd__ClientId")]
    [InlineData("SwiftPass__Gateway")]
    [InlineData("SwiftPass__PrivateKeys__7500000001")]
    [InlineData("SwiftPass__PlatformPublicKey")]
    [InlineData("Registration__Key")]
    [InlineData("Finance__WebhookSecret")]
    [InlineData("DeviceCa__Certificate")]
    [InlineData("DeviceCa__KeyVaultKey")]
    public void Without_a_setting_the_app_does_not_start_and_says_which(string missing)
    {
        var settings = Deployment.Prod.AppSettings().Where(setting => setting.Key != missing).ToDictionary();

        Should.Throw<SettingException>(() => AppInCode.Read(settings, Signer)).Message.ShouldContain(missing.Replace("__", ":", StringComparison.Ordinal));
    }

    [Fact]
    public void The_local_cloud_gives_the_app_nothing_that_it_does_not_read()
    {
        var local = Checkout.Json("infra/local/cloud.json").GetProperty("appSettings").EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);
        var read = AppInCode.Read(Deployment.Dev.AppSettings(), Signer).ToHashSet();
        // With an interface of the bank, its settings are read too.
        read.UnionWith(AppInCode.Read(Deployment.Prod.AppSettings(), Signer));

        local.Keys.Except(["ASPNETCORE_ENVIRONMENT"]).Select(name => name.Replace("__", ":", StringComparison.Ordinal)).Except(read).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void No_setting_holds_a_key(string environment)
    {
        var settings = Deployment.Of(environment).AppSettings();

        // What would take a connection string instead of an identity, and what Flex Consumption refuses.
        settings.Keys.ShouldNotContain(name => name == "AzureWebJobsStorage" || name == "ServiceBus" || name == "Tables" || name == "Blobs" || name == "EventGrid__Key");
        settings.Keys.ShouldNotContain(name => name == "FUNCTIONS_WORKER_RUNTIME" || name == "FUNCTIONS_EXTENSION_VERSION" || name == "WEBSITE_RUN_FROM_PACKAGE");
        foreach (var (name, value) in settings.Where(setting => setting.Key.Contains("Key", StringComparison.Ordinal) || setting.Key.Contains("Secret", StringComparison.Ordinal)))
            (value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal) || value.StartsWith("https://", StringComparison.Ordinal)).ShouldBeTrue(name);
    }

    [Fact]
    public void The_README_names_every_secret_that_a_setting_refers_to()
    {
        var text = Checkout.Text("infra/README.md");
        var secrets = Deployment.Prod.AppSettings().Concat(Deployment.Dev.AppSettings()).Where(setting => setting.Value.Contains("SecretName=", StringComparison.Ordinal))
            .Select(setting => setting.Value.Split("SecretName=")[1].TrimEnd(')').Replace(Signer, "{signer}", StringComparison.Ordinal)).Distinct();

        secrets.ShouldAllBe(secret => text.Contains($"`{secret}`", StringComparison.Ordinal));
    }
}
