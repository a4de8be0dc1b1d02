using System.Text.RegularExpressions;
using CanteenPay.Infra.Tests.Bicep;

namespace CanteenPay.Infra.Tests;

/// <summary>The files hold together: names, modules, parameters, and the versions of which the README says where their shape was read.</summary>
public sealed partial class File_tests
{
    [Fact]
    public void Every_name_is_declared_and_used() => Deployment.Files.SelectMany(Names.Faults).ShouldBeEmpty();

    [Fact]
    public void Every_module_is_called()
    {
        var called = Deployment.Dev.Main.File.Of("module").Select(call => Path.GetFileName(call.Type));

        called.Append("main.bicep").ShouldBe(Deployment.Files.Select(file => Path.GetFileName(file.Path)), ignoreOrder: true);
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void An_environment_gives_every_parameter_that_has_no_default_and_no_other(string environment)
    {
        var declared = Deployment.Dev.Main.File.Of("param").ToList();
        var given = Deployment.Of(environment).Parameters.Keys;

        given.Except(declared.Select(parameter => parameter.Name)).ShouldBeEmpty();
        declared.Where(parameter => parameter.Value is null).Select(parameter => parameter.Name).Except(given).ShouldBeEmpty();
    }

    [Fact]
    public void The_README_names_every_type_with_its_version_and_no_other()
    {
        var used = Deployment.Files.SelectMany(file => file.Of("resource")).Select(resource => resource.Type).Distinct();
        var named = TypeAndVersion().Matches(Checkout.Text("infra/README.md")).Select(match => match.Value).Distinct();

        named.ShouldBe(used, ignoreOrder: true);
    }

    [Fact]
    public void No_two_resources_have_one_name()
    {
        foreach (var deployment in new[] { Deployment.Dev, Deployment.Prod })
        {
            deployment.Resources.GroupBy(resource => (resource.Type, resource.Name, resource.Scope?.ToString())).Where(same => same.Count() > 1)
                .Select(same => same.Key.ToString()).ShouldBeEmpty();
        }
    }

    [GeneratedRegex(@"Microsoft\.\w+(/\w+)+@[\d-]+(preview)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeAndVersion();
}
