using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Infra.Tests.Code;

namespace CanteenPay.Infra.Tests;

/// <summary>Who may do what: exactly what the code needs, as narrowly as Azure allows.</summary>
public sealed class Role_tests
{
    private const string Storage = "Microsoft.Storage/storageAccounts", Queue = "Microsoft.ServiceBus/namespaces/queues", Container = Storage + "/blobServices/containers";

    private static readonly Dictionary<string, string> BuiltIn = new()
    {
        ["090c5cfd-751d-490a-894a-3ce6f1109419"] = "Azure Service Bus Data Owner",
        ["69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"] = "Azure Service Bus Data Sender",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["e147488a-f6f5-4113-8e2d-b22465e65bf6"] = "Key Vault Crypto Service Encryption User",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["d5a91429-5739-47e2-a06b-3470a27159e7"] = "EventGrid Data Sender",
        ["a12b0b94-b317-4dcd-84a8-502ce99884c6"] = "EventGrid TopicSpaces Publisher",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    [Fact]
    public void Roles_are_those_that_the_code_needs_and_no_other()
    {
        List<string> needed =
        [
            .. AppInCode.TriggerQueues.Select(queue => $"app: Azure Service Bus Data Owner of {Queue} {queue}"),
            .. RoutedQueues().Select(queue => $"router: Azure Service Bus Data Sender of {Queue} {queue}"),
            .. AppInCode.It.Containers.Select(container => $"app: Storage Blob Data Contributor of {Container} {container}"),
            $"router: Storage Blob Data Contributor of {Container} event-dead-letters",
            $"app: Storage Table Data Contributor of {Storage} {AccountOf("data")}",
            // The package that is started, and the locks of timers.
            $"app: Storage Blob Data Owner of {Storage} {AccountOf("host")}",
            $"app: Key Vault Crypto Service Encryption User of Microsoft.KeyVault/vaults/keys {Deployment.Prod.AppSettings()["Sealing__KeyVaultKey"].Split('/')[^1]}",
            // Machines' certificates.
            "app: vault/machineSigner of Microsoft.KeyVault/vaults/keys device-ca",
            // For the settings that refer to secrets.
            $"app: Key Vault Secrets User of Microsoft.KeyVault/vaults {Deployment.Prod.Single("Microsoft.KeyVault/vaults").Name}",
            "app: EventGrid TopicSpaces Publisher of Microsoft.EventGrid/namespaces/topicSpaces cloud",
            // Machines are written to the broker by it.
            $"app: broker/machineRegistrar of Microsoft.EventGrid/namespaces {Deployment.Prod.Single("Microsoft.EventGrid/namespaces").Name}",
            $"broker: EventGrid Data Sender of Microsoft.EventGrid/topics {Deployment.Prod.Single("Microsoft.EventGrid/topics").Name}",
            // Local authentication is off there.
            $"app: Monitoring Metrics Publisher of Microsoft.Insights/components {Deployment.Prod.Single("Microsoft.Insights/components").Name}",
        ];

        Deployment.Prod.All("Microsoft.Authorization/roleAssignments").Select(Said).ShouldBe(needed, ignoreOrder: true);
    }

    [Fact]
    public void An_assignments_name_is_made_of_who_what_and_where()
    {
        // Otherwise two of them are one, or a changed one cannot be deployed.
        foreach (var assignment in Deployment.Prod.All("Microsoft.Authorization/roleAssignments"))
        {
            assignment.Name.ShouldContain($"{assignment.Scope}.id");
            assignment.Name.ShouldContain(assignment.Text("principalId"));
            assignment.Text("principalType").ShouldBe("ServicePrincipal");
        }
    }

    [Fact]
    public void The_apps_own_role_writes_machines_and_nothing_else()
    {
        var permission = Deployment.Prod.All("Microsoft.Authorization/roleDefinitions").Single(role => role.Text("roleName").Contains("registrar", StringComparison.Ordinal)).List("permissions").Cast<IReadOnlyDictionary<string, object?>>().Single();

        ((IReadOnlyList<object?>)permission["actions"]!).ShouldBe(["Microsoft.EventGrid/namespaces/clients/read", "Microsoft.EventGrid/namespaces/clients/write"]);
        ((IReadOnlyList<object?>)permission["dataActions"]!).ShouldBeEmpty();
    }

    [Fact]
    public void The_app_may_sign_by_the_device_CAs_key_and_nobody_may_do_more_with_it()
    {
        var ca = Deployment.Prod.All("Microsoft.KeyVault/vaults/keys").Single(key => key.Name == "device-ca");
        var assignments = Deployment.Prod.All("Microsoft.Authorization/roleAssignments").ToList();
        var signer = Deployment.Prod.All("Microsoft.Authorization/roleDefinitions").Single(role => role.Text("roleName").Contains("signer", StringComparison.Ordinal))
            .List("permissions").Cast<IReadOnlyDictionary<string, object?>>().Single();

        assignments.Where(assignment => Equals(assignment.Scope, ca.Reference)).Select(Said).ShouldBe(["app: vault/machineSigner of Microsoft.KeyVault/vaults/keys device-ca"]);
        ((IReadOnlyList<object?>)signer["dataActions"]!).ShouldBe(["Microsoft.KeyVault/vaults/keys/sign/action"]);
        ((IReadOnlyList<object?>)signer["actions"]!).ShouldBeEmpty();
        // A role on the whole vault reads secrets; keys are not among them.
        assignments.Where(assignment => assignment.Scope!.Declaration.Type.StartsWith("Microsoft.KeyVault/vaults@", StringComparison.Ordinal))
            .Select(Role).ShouldBe(["Key Vault Secrets User"]);
    }

    [Fact]
    public void The_vault_knows_roles_only() => Deployment.Prod.Single("Microsoft.KeyVault/vaults").Property("enableRbacAuthorization").ShouldBe(true);

    private static string Said(Resource assignment)
    {
        var scope = assignment.Scope!.Module.ResourceOf(assignment.Scope);
        var who = assignment.Text("principalId").Split('/', '.')[1];
        return $"{who}: {Role(assignment)} of {scope.Type} {scope.Name}";
    }

    private static string Role(Resource assignment)
    {
        var id = assignment.Text("roleDefinitionId");
        return BuiltIn.FirstOrDefault(role => id.Contains(role.Key, StringComparison.Ordinal)).Value ?? id.Trim('«', '»').Replace(".id", "", StringComparison.Ordinal);
    }

    private static string AccountOf(string module) => Deployment.Prod.All(Storage).Single(account => account.Reference.Module.Name == module).Name;

    private static IEnumerable<string> RoutedQueues() =>
        Checkout.Json("infra/local/cloud.json").GetProperty("subscriptions").EnumerateArray().Select(subscription => subscription.GetProperty("queue").GetString()!);
}
