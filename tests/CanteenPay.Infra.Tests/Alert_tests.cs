using System.Reflection;
using System.Text.RegularExpressions;
using CanteenPay.Functions;
using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Infra.Tests.Code;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Infra.Tests;

/// <summary>Alerts look for what the app really says: a message that is put into other words must not silence one.</summary>
public sealed partial class Alert_tests
{
    private static readonly string[] Messages = [.. typeof(FunctionApp).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message).OfType<string>()];

    private static IReadOnlyList<Resource> Rules { get; } = [.. Deployment.Prod.All("Microsoft.Insights/scheduledQueryRules")];

    [Fact]
    public void Each_text_that_a_rule_looks_for_is_one_that_the_app_logs()
    {
        var texts = Rules.SelectMany(rule => Contained().Matches(Query(rule))).Select(match => match.Groups["text"].Value).Distinct().ToList();

        texts.Count.ShouldBeGreaterThan(5);
        texts.ShouldAllBe(text => Messages.Any(message => message.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_name_that_a_rule_counts_is_one_of_the_functions()
    {
        var names = Rules.SelectMany(rule => Named().Matches(Query(rule))).Select(match => match.Groups["text"].Value).Distinct().ToList();

        names.ShouldBe(["Night", "Sweep", "MachineStatus"], ignoreOrder: true);
        names.Except(AppInCode.Triggers.Keys).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("parked")]
    [InlineData("parked-dead-letters")]
    [InlineData("routing-dead-letters")]
    [InlineData("night-late")]
    [InlineData("difference")]
    [InlineData("machines-silent")]
    [InlineData("errors")]
    public void There_is_an_alert(string name) => Alerts().ShouldContain(alert => alert.Name == $"canteenpay-prod-{name}");

    [Fact]
    public void There_is_one_for_certificates_that_expire() =>
        Deployment.Prod.Single("Microsoft.EventGrid/systemTopics/eventSubscriptions").List("filter.includedEventTypes").ShouldContain("Microsoft.KeyVault.CertificateNearExpiry");

    [Fact]
    public void Every_alert_wakes_the_operators()
    {
        const string operators = "«monitoring/operators.id»";

        Rules.ShouldAllBe(rule => rule.List("actions.actionGroups").Single()!.ToString() == operators);
        Deployment.Prod.All("Microsoft.Insights/metricAlerts").Select(alert => alert.List("actions").Cast<IReadOnlyDictionary<string, object?>>().Single()["actionGroupId"]!.ToString())
            .ShouldAllBe(group => group == operators);
        Deployment.Prod.Single("Microsoft.Insights/actionGroups").List("emailReceivers").ShouldNotBeEmpty();
    }

    private static IEnumerable<Resource> Alerts() => Rules.Concat(Deployment.Prod.All("Microsoft.Insights/metricAlerts"));

    private static string Query(Resource rule) => (string)((IReadOnlyDictionary<string, object?>)rule.List("criteria.allOf").Single()!)["query"]!;

    [GeneratedRegex("Message contains \"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Contained();

    [GeneratedRegex("Name == \"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
