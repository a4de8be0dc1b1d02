using System.Globalization;
using System.Text.RegularExpressions;
using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Infra.Tests.Code;

namespace CanteenPay.Infra.Tests;

/// <summary>The catalogue of events is the code's: whoever is woken finds the line in it, and nothing that is not logged any more.</summary>
public sealed partial class Event_tests
{
    private static readonly string[] Parts = Checkout.Text("infra/EVENTS.md").Split("## The machine");

    private static IReadOnlyList<Match> Rows { get; } = [.. Parts.SelectMany(part => Row().Matches(part))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_event_has_its_row_with_its_level_and_words_and_no_row_is_without_one(bool isOfMachine)
    {
        var listed = Row().Matches(Parts[isOfMachine ? 1 : 0]).Select(row => $"{row.Groups["id"].Value} {row.Groups["level"].Value} {row.Groups["text"].Value}");
        var logged = LoggedEvent.All.Where(logged => logged.IsOfMachine == isOfMachine).OrderBy(logged => logged.Id)
            .Select(logged => string.Create(CultureInfo.InvariantCulture, $"{logged.Id} {logged.Level} {logged.Text}"));

        listed.ShouldBe(logged);
    }

    [Fact]
    public void No_two_events_have_one_number() => LoggedEvent.All.Select(logged => logged.Id).ShouldBeUnique();

    [Fact]
    public void Each_row_says_what_the_event_means_and_what_to_do() =>
        Rows.ShouldAllBe(row => row.Groups["means"].Value.Length > 5 && row.Groups["do"].Value.Length > 5);

    [Fact]
    public void An_event_names_the_alerts_that_look_for_it()
    {
        var alerts = Deployment.Prod.All("Microsoft.Insights/scheduledQueryRules")
            .Select(rule => (Name: rule.Name.Replace("canteenpay-prod-", "", StringComparison.Ordinal), Texts: Contained().Matches(Query(rule)).Select(match => match.Groups["text"].Value).ToList()))
            .Where(alert => alert.Texts.Count > 0).ToList();

        alerts.ShouldNotBeEmpty();
        foreach (var row in Rows.Take(LoggedEvent.All.Count(logged => !logged.IsOfMachine)))
        {
            var looking = alerts.Where(alert => alert.Texts.Exists(text => row.Groups["text"].Value.Contains(text, StringComparison.Ordinal))).Select(alert => alert.Name);
            Named().Matches(row.Groups["wakes"].Value).Select(match => match.Groups["name"].Value).ShouldBe(looking, ignoreOrder: true, row.Value);
        }
    }

    private static string Query(Resource rule) => (string)((IReadOnlyDictionary<string, object?>)rule.List("criteria.allOf").Single()!)["query"]!;

    [GeneratedRegex(@"^\| (?<id>\d+) \| (?<level>\S+) \| `(?<text>[^`]+)` \| (?<means>[^|]+) \| (?<do>[^|]+) \| (?<wakes>[^|]*) \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"\*\*`(?<name>[^`]+)`\*\*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    [GeneratedRegex("Message contains \"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Contained();
}
