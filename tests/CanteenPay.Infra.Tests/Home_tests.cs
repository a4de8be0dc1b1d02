using CanteenPay.Azure.InMemory;
using CanteenPay.Functions.Homes;
using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Protocol;
using Microsoft.Extensions.Configuration;

namespace CanteenPay.Infra.Tests;

/// <summary>Accounts beside the main one, for the books of merchants that were moved there.</summary>
public sealed class Home_tests
{
    private const string Account = "Microsoft.Storage/storageAccounts";

    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");

    private static readonly IReadOnlyList<Resource> WithTwo = [.. Two().Resources()];

    [Fact]
    public void Each_has_the_tables_of_a_merchants_books_and_no_other()
    {
        foreach (var account in Beside())
        {
            WithTwo.Where(resource => resource.Type == Account + "/tableServices/tables" && resource.Reference.Module == account.Reference.Module)
                .Select(table => table.Name).ShouldBe(HomedTables.Books, ignoreOrder: true);
            Books().ShouldBe(HomedTables.Books, ignoreOrder: true);
        }
    }

    [Fact]
    public void Each_is_as_closed_as_the_main_one_and_the_app_may_write_its_tables()
    {
        var main = WithTwo.Single(resource => resource.Type == Account && resource.Reference.Module.Name == "data");
        Beside().Count.ShouldBe(2);
        foreach (var account in Beside())
        {
            foreach (var property in new[] { "allowBlobPublicAccess", "allowCrossTenantReplication", "allowSharedKeyAccess", "minimumTlsVersion", "supportsHttpsTrafficOnly" })
                account.Property(property).ShouldBe(main.Property(property), property);
            var role = WithTwo.Single(resource => resource.Type == "Microsoft.Authorization/roleAssignments" && resource.Reference.Module == account.Reference.Module);
            role.Text("roleDefinitionId").ShouldContain("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3");
            WithTwo.ShouldContain(resource => resource.Type == "Microsoft.Authorization/locks" && resource.Reference.Module == account.Reference.Module);
            account.Name.Replace("«uniqueString(«resourceGroup().id»)»", new string('x', 13), StringComparison.Ordinal).Length.ShouldBeLessThanOrEqualTo(24);
        }
    }

    [Fact]
    public void The_settings_that_Bicep_gives_are_those_that_the_app_reads()
    {
        var settings = WithTwo.Single(resource => resource.Type == "Microsoft.Web/sites").List("siteConfig.appSettings").Cast<IReadOnlyDictionary<string, object?>>()
            .ToDictionary(setting => ((string)setting["name"]!).Replace("__", ":", StringComparison.Ordinal), setting => (string?)Deployment.Answered(setting["value"]));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

        var accounts = MerchantHomes.ReadAccounts(configuration, new InMemoryTableService(), new(() => new global::Azure.Identity.DefaultAzureCredential()));

        accounts.Names.ShouldBe(["main", "east", "west2"]);
        MerchantHomes.Read(configuration, accounts).Of(Merchant).ShouldBe("east");
        settings["Tables:Accounts:east"].ShouldBe("https://cpmeasta1b2c3d4e5f6g.table.core.windows.net");
        Beside().Select(account => Deployment.Answered(account.Name)).ShouldContain("cpmeasta1b2c3d4e5f6g");
    }

    private static List<Resource> Beside() => [.. WithTwo.Where(resource => resource.Type == Account && resource.Reference.Module.Name.StartsWith("merchantAccount[", StringComparison.Ordinal))];

    private static IEnumerable<string> Books() => ((IReadOnlyList<object?>)Two().Variable("books")!).Cast<string>();

    private static Module Two()
    {
        var parameters = Deployment.Prod.Parameters.ToDictionary(parameter => parameter.Key, parameter => ((IReadOnlyDictionary<string, object?>)parameter.Value!)["value"]);
        parameters["merchantAccounts"] = new List<object?> { "east", "west2" };
        parameters["merchantHomes"] = new List<object?> { new Dictionary<string, object?> { ["merchant"] = Merchant.Value, ["account"] = "east" } };
        return new("main", BicepFile.Read(Checkout.PathOf("infra/main.bicep")), parameters);
    }
}
