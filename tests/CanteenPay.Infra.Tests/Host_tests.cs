using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.Functions;
using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Infra.Tests.Code;

namespace CanteenPay.Infra.Tests;

/// <summary>The function app as a host: Bicep, host.json and azure.yaml beside the functions.</summary>
public sealed class Host_tests
{
    private static readonly JsonElement HostJson = Checkout.Json("host.json");

    private static Resource Site { get; } = Deployment.Prod.Single("Microsoft.Web/sites");

    [Fact]
    public void The_runtime_is_a_custom_handler()
    {
        Site.Text("functionAppConfig.runtime.name").ShouldBe("custom");
        Site.Text("functionAppConfig.runtime.version").ShouldBe("1.0");
        HostJson.GetProperty("customHandler").GetProperty("enableProxyingHttpRequest").GetBoolean().ShouldBeTrue();
        HostJson.GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString().ShouldBe("CanteenPay.Functions");
    }

    [Fact]
    public void What_a_diner_waits_for_is_always_ready_in_production_and_nothing_is_in_development()
    {
        Ready(Deployment.Prod).ShouldBe(["http", "function:MachinePayments", "function:PaymentPoll"], ignoreOrder: true);
        Ready(Deployment.Dev).ShouldBeEmpty();

        // HTTP functions share a group and are not named one by one.
        foreach (var function in Ready(Deployment.Prod).Where(name => name != "http").Select(name => name.Split(':')[1]))
            AppInCode.Triggers[function].ShouldNotBeOfType<HttpTriggerAttribute>(function);

        static IEnumerable<string> Ready(Deployment deployment) => deployment.Single("Microsoft.Web/sites").List("functionAppConfig.scaleAndConcurrency.alwaysReady")
            .Cast<IReadOnlyDictionary<string, object?>>().Where(ready => (long)ready["instanceCount"]! >= 1).Select(ready => (string)ready["name"]!);
    }

    [Fact]
    public void A_lock_is_renewed_for_longer_than_a_function_may_take()
    {
        var serviceBus = HostJson.GetProperty("extensions").GetProperty("serviceBus");

        // Otherwise a slow message would be given to a second one while the first still works on it.
        Span(serviceBus.GetProperty("maxAutoLockRenewalDuration")).ShouldBeGreaterThan(Span(HostJson.GetProperty("functionTimeout")));
        // A message taken ahead of time loses its lock while it waits.
        serviceBus.GetProperty("prefetchCount").GetInt32().ShouldBe(0);

        static TimeSpan Span(JsonElement text) => TimeSpan.ParseExact(text.GetString()!, "c", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Alerts_count_lines_and_requests_so_these_are_never_sampled() =>
        HostJson.GetProperty("logging").GetProperty("applicationInsights").GetProperty("samplingSettings").GetProperty("excludedTypes").GetString()!
            .Split(';').ShouldBe(["Request", "Trace", "Exception"], ignoreOrder: true);

    [Fact]
    public void The_triggers_connection_is_the_namespace_that_Bicep_names()
    {
        var settings = Deployment.Prod.AppSettings();

        foreach (var connection in AppInCode.Triggers.Values.OfType<ServiceBusTriggerAttribute>().Select(trigger => trigger.Connection).Distinct())
        {
            settings.Keys.ShouldContain($"{connection}__fullyQualifiedNamespace");
            settings[$"{connection}__credential"].ShouldBe("managedidentity");
            settings.Keys.ShouldContain($"{connection}__clientId");
        }
    }

    [Fact]
    public void The_app_is_met_by_https_and_deployed_to_by_identities()
    {
        Site.Property("httpsOnly").ShouldBe(true);
        Deployment.Prod.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToDictionary(policy => policy.Name, policy => policy.Property("allow"))
            .ShouldBe(new Dictionary<string, object?> { ["ftp"] = false, ["scm"] = false }, ignoreOrder: true);
        Site.Text("functionAppConfig.deployment.storage.authentication.type").ShouldBe("UserAssignedIdentity");
        // Whose references into the vault are read by the same identity.
        Site.Property("keyVaultReferenceIdentity").ShouldBe(Site.Property("functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"));
    }

    [Fact]
    public void Azd_finds_the_app_by_its_tag_and_the_parameters_by_its_environment()
    {
        var yaml = Checkout.Text("azure.yaml");
        var service = ((IReadOnlyDictionary<string, object?>)Site.Body["tags"]!)["azd-service-name"];

        yaml.ShouldContain($"\n  {service}:\n");
        yaml.ShouldContain("main.parameters.${AZURE_ENV_NAME}.json");
    }
}
