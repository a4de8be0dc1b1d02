using System.Text.RegularExpressions;
using CanteenPay.Infra.Tests.Code;

namespace CanteenPay.Infra.Tests;

/// <summary>Whatever the runbook names is there: at 3 a.m. nobody can find out what a file or a queue is called now.</summary>
public sealed partial class Runbook_tests
{
    private static readonly string Text = Checkout.Text("infra/OPERATIONS.md");

    [Fact]
    public void Files_and_folders()
    {
        var linked = All(@"\]\((?<it>[^)#:]+)(#[^)]*)?\)").Select(link => Path.Combine("infra", link));
        var written = All(@"(?<![\w./-])(?<it>(infra|functions|device-agent|tests)/[\w./-]*\w)");

        Missing(linked.Concat(written), file => Path.Exists(Checkout.PathOf(file))).ShouldBeEmpty();
    }

    [Fact]
    public void Queues() => Missing(All(@"queues? `(?<it>[^`]+)`"), AppInCode.TriggerQueues.Contains).ShouldBeEmpty();

    [Fact]
    public void Functions() => Missing(All(@"functions? `(?<it>[A-Z][^`]*)`"), AppInCode.Triggers.ContainsKey).ShouldBeEmpty();

    [Fact]
    public void Tables()
    {
        Missing(All(@"tables? `(?<it>[^`]+)`"), AppInCode.It.Tables.Contains).ShouldBeEmpty();

        // Of each one it says what can be restored.
        var restored = Section("9.", "9.1").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => In(line.Split('|')[1], "`(?<it>[^`]+)`"));
        restored.ShouldBe(AppInCode.It.Tables, ignoreOrder: true);
    }

    [Fact]
    public void Containers() =>
        Missing(All(@"containers? `(?<it>[^`]+)`"), name => Deployment.Prod.All("Microsoft.Storage/storageAccounts/blobServices/containers").Any(container => container.Name == name)).ShouldBeEmpty();

    [Fact]
    public void Settings_of_the_app_and_of_machines()
    {
        var ofTheApp = Deployment.Prod.AppSettings().Keys.Concat(Deployment.Dev.AppSettings().Keys).Select(name => name.Replace("7500000001", "{signer}", StringComparison.Ordinal)).ToHashSet();
        var ofMachines = Checkout.Text("device-agent/package/agent.env");

        // Outside of prod and dev a gateway may be spoken to with an MD5 key.
        Missing(All(@"(?<it>\b[A-Z]\w*__[\w{}]+)"), name => ofTheApp.Contains(name) || name == "SwiftPass__Keys__{signer}" || ofMachines.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Secrets_and_keys_of_the_vault()
    {
        var secrets = Deployment.Prod.AppSettings().Values.Where(value => value.Contains("SecretName=", StringComparison.Ordinal))
            .Select(value => value.Split("SecretName=")[1].TrimEnd(')').Replace("7500000001", "{signer}", StringComparison.Ordinal)).ToHashSet();
        var keys = Deployment.Prod.All("Microsoft.KeyVault/vaults/keys").Select(key => key.Name).ToHashSet();

        All("secret `(?<it>[^`]+)`").ShouldBe(secrets, ignoreOrder: true);
        All("vault key `(?<it>[^`]+)`").ShouldBe(keys, ignoreOrder: true);
    }

    [Fact]
    public void Every_alert_leads_somewhere_and_no_other_is_named()
    {
        var alerts = Deployment.Prod.All("Microsoft.Insights/scheduledQueryRules").Concat(Deployment.Prod.All("Microsoft.Insights/metricAlerts"))
            .Select(alert => alert.Name.Replace("canteenpay-prod-", "", StringComparison.Ordinal)).ToHashSet();
        var listed = Section("1.1", "2.").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => In(line.Split('|')[1], "`(?<it>[^`]+)`"));

        listed.ShouldBe(alerts, ignoreOrder: true);
        Missing(All("alerts? `(?<it>[^`]+)`"), alerts.Contains).ShouldBeEmpty();
    }

    [Fact]
    public void Events()
    {
        var logged = LoggedEvent.All.Select(logged => $"{logged.Id}").ToHashSet();

        Missing(All(@"(?<![\d,.-])(?<it>1\d{3}|2[13]\d\d)(?![\d,-])").Concat(All(@"events? (?<it>\d+)")), logged.Contains).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_queries_look_for_is_logged()
    {
        // The level as it is written before a line, and what the app says when it cannot start, which is no event.
        string[] others = [" ERR] ", "The setting "];

        Missing(All("contains \"(?<it>[^\"]+)\""), text => others.Contains(text) || LoggedEvent.All.Any(logged => logged.Text.Contains(text, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void Endpoints()
    {
        var endpoints = In(Checkout.Text("functions/CanteenPay.Functions/Identity/README.md"), @"(?m)^\| (?<it>[A-Z]+ \| `/api[^`]+`)").Select(row => Same(row.Replace(" | ", " ", StringComparison.Ordinal))).ToHashSet();
        var named = All(@"(?<it>(GET|POST|PUT|DELETE) /api/[^\s`]+)")
            .Concat(All(@"\bapi (?<it>(?>/api/[^\s`""]+))(?! -X)").Select(path => $"GET {path}"))
            .Concat(All(@"\bapi (?<it>/api/[^\s`""]+) -X POST").Select(path => $"POST {path}"));

        endpoints.Count.ShouldBeGreaterThan(50);
        Missing(named.Select(Same), endpoints.Contains).ShouldBeEmpty();
    }

    [Fact]
    public void Variables_of_azd()
    {
        var outputs = Deployment.Prod.Main.File.Of("output").Select(output => output.Name).Append("AZURE_RESOURCE_GROUP").ToHashSet();

        Missing(All(@"\$(?<it>[A-Z][A-Z_]+)").Where(name => !name.StartsWith("CANTEENPAY_", StringComparison.Ordinal)), outputs.Contains).ShouldBeEmpty();
    }

    /// <summary>Ids, days and merchants stand for anybody's.</summary>
    private static string Same(string endpoint) => Anybody().Replace(endpoint.Replace("`", "", StringComparison.Ordinal), "*");

    /// <summary>The text between two headings, by their numbers.</summary>
    private static string Section(string from, string to) => Text.Split($"# {from}")[1].Split($"# {to}")[0];

    private static IReadOnlyList<string> All(string pattern)
    {
        var found = In(Text, pattern);
        found.ShouldNotBeEmpty(pattern);
        return found;
    }

    private static IReadOnlyList<string> In(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["it"].Value).Distinct()];

    private static IEnumerable<string> Missing(IEnumerable<string> named, Func<string, bool> isThere) => named.Where(name => !isThere(name));

    [GeneratedRegex(@"\{\w+\}|\d{4}-\d\d-\d\d|DEVMERCH", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Anybody();
}
