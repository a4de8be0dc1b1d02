using System.Text.Json;
using CanteenPay.Functions.Copies;
using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Infra.Tests.Code;

namespace CanteenPay.Infra.Tests;

/// <summary>Tables and containers: Bicep, the app, and the local cloud.</summary>
public sealed class Storage_tests
{
    private const string Account = "Microsoft.Storage/storageAccounts", Container = Account + "/blobServices/containers";

    private static readonly JsonElement Cloud = Checkout.Json("infra/local/cloud.json");

    [Fact]
    public void Bicep_declares_the_tables_that_the_app_uses_and_no_other() =>
        Names(Account + "/tableServices/tables").ShouldBe(AppInCode.It.Tables, ignoreOrder: true);

    [Fact]
    public void The_local_cloud_declares_the_same_tables() =>
        Cloud.GetProperty("tables").EnumerateArray().Select(table => table.GetString()!).ShouldBe(AppInCode.It.Tables, ignoreOrder: true);

    [Fact]
    public void Bicep_declares_the_containers_that_the_app_the_host_and_Event_Grid_use_and_no_other()
    {
        var letters = Deployment.Prod.All("Microsoft.EventGrid/topics/eventSubscriptions")
            .Select(subscription => subscription.Text("deadLetterWithResourceIdentity.deadLetterDestination.properties.blobContainerName")).Distinct();
        var package = Deployment.Prod.Single("Microsoft.Web/sites").Text("functionAppConfig.deployment.storage.value").Split('/', '»')[^1];

        Names(Container).ShouldBe([.. AppInCode.It.Containers, .. letters, package], ignoreOrder: true);
    }

    [Fact]
    public void The_local_cloud_declares_the_apps_containers() =>
        Cloud.GetProperty("containers").EnumerateArray().Select(container => container.GetString()!).ShouldBe(AppInCode.It.Containers, ignoreOrder: true);

    [Fact]
    public void The_apps_containers_lie_beside_its_tables_and_the_package_elsewhere()
    {
        var money = Deployment.Prod.All(Account + "/tableServices").Single().Scope!.ToString();

        foreach (var container in Deployment.Prod.All(Container))
            (AccountOf(container) == money).ShouldBe(container.Name != "packages", container.Name);
    }

    [Fact]
    public void Every_table_is_copied() => CopiedTables.All.ShouldBe(Names(Account + "/tableServices/tables"), ignoreOrder: true);

    [Fact]
    public void A_copy_is_gone_after_28_days_and_stands_for_a_week_in_production()
    {
        foreach (var deployment in new[] { Deployment.Prod, Deployment.Dev })
        {
            var forgetting = deployment.Single(Account + "/managementPolicies").List("policy.rules").Cast<IReadOnlyDictionary<string, object?>>().Single(rule => Equals(rule["name"], "forget-copies"));
            var definition = (IReadOnlyDictionary<string, object?>)forgetting["definition"]!;
            ((IReadOnlyList<object?>)((IReadOnlyDictionary<string, object?>)definition["filters"]!)["prefixMatch"]!).ShouldBe(["table-copies/"]);
            var actions = (IReadOnlyDictionary<string, object?>)definition["actions"]!;
            var after = (long)((IReadOnlyDictionary<string, object?>)((IReadOnlyDictionary<string, object?>)actions["baseBlob"]!)["delete"]!)["daysAfterModificationGreaterThan"]!;
            var softly = deployment.All(Account + "/blobServices").Single(service => service.Name == "default" && service.Reference.Module.Name == "data").Property("deleteRetentionPolicy.days");

            // The rule runs once a day.
            (after + 1 + (long)softly! + 1).ShouldBe(28);
        }

        Deployment.Prod.Single(Container + "/immutabilityPolicies").Property("immutabilityPeriodSinceCreationInDays").ShouldBe(7L);
        Deployment.Dev.All(Container + "/immutabilityPolicies").ShouldBeEmpty();
    }

    [Fact]
    public void No_account_takes_keys_strangers_or_plain_text()
    {
        foreach (var account in Deployment.Prod.All(Account).Concat(Deployment.Dev.All(Account)))
        {
            account.Property("allowSharedKeyAccess").ShouldBe(false, account.ToString());
            account.Property("allowBlobPublicAccess").ShouldBe(false, account.ToString());
            account.Property("supportsHttpsTrafficOnly").ShouldBe(true, account.ToString());
            account.Property("minimumTlsVersion").ShouldBe("TLS1_2", account.ToString());
        }

        Deployment.Prod.All(Container).ShouldAllBe(container => container.Text("publicAccess") == "None");
    }

    private static IEnumerable<string> Names(string type) => Deployment.Prod.All(type).Select(resource => resource.Name);

    private static string AccountOf(Resource container) => container.Scope!.Module.ResourceOf(container.Scope).Scope!.ToString();
}
