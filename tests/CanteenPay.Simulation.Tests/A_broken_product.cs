using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.Stories;

namespace CanteenPay.Simulation.Tests;

/// <summary>The simulator can fail: what is broken on purpose is found, by the rule that forbids it, within a few stories.</summary>
public sealed class A_broken_product
{
    private const int FirstSeed = 1;

    /// <summary>What is broken breaks more than one rule; among so many failures is the one that names it.</summary>
    private const int Enough = 4;

    [Theory]
    [InlineData(nameof(Sabotage.CloudAnnouncesBeforeTheWrite), "3: paid only if the cloud has recorded it", FirstSeed, 40)]
    [InlineData(nameof(Sabotage.MachineForgetsWhatItSpoke), "5: spoken at most once", FirstSeed, 150)]
    [InlineData(nameof(Sabotage.SweepDoesNothing), "4: every order ends", FirstSeed, 150)]
    [InlineData(nameof(Sabotage.RefundGivenTwice), "money: ours = the bank's", FirstSeed, 150)]
    [InlineData(nameof(Sabotage.GuardGoesBeforeThePosting), PostingCheck.Rule, 42, 60)]
    [InlineData(nameof(Sabotage.MachinesNeverAsk), "the machine learns how it ended", 270, 100)]
    public void Is_found_by_the_rule_that_forbids_it(string sabotage, string rule, int fromSeed, int withinCases) =>
        Finds(Story.Payments, sabotage, rule, fromSeed, withinCases);

    /// <summary>Most are found by nearly every story. What needs a power cut at the wrong moment, or a restored disk, is looked for where a few stories have it.</summary>
    [Theory]
    [InlineData(nameof(Sabotage.CursorIsNotMovedWithTheMoney), BookCheck.Balances, FirstSeed, 30)]
    [InlineData(nameof(Sabotage.MachineForgetsWhatIsApplied), CardReckoning.Views, FirstSeed, 30)]
    [InlineData(nameof(Sabotage.FeedIsPublishedBeforeItsTransaction), CardReckoning.Views, FirstSeed, 30)]
    [InlineData(nameof(Sabotage.RebooksFromTheWrongNumber), BookCheck.Taps, 12, 60)]
    [InlineData(nameof(Sabotage.KeysAreIgnored), CardReckoning.Keys, FirstSeed, 30)]
    [InlineData(nameof(Sabotage.TapsAreNotSynced), TapReckoning.Once, 54, 60)]
    [InlineData(nameof(Sabotage.CountersAreForgotten), CounterCheck.Counters, FirstSeed, 30)]
    [InlineData(nameof(Sabotage.MachineForgetsTheCardOnItsReader), CardWatch.OnceIn3Seconds, FirstSeed, 30)]
    public void Of_cards_is_found_by_the_rule_that_forbids_it(string sabotage, string rule, int fromSeed, int withinCases) =>
        Finds(Story.Cards, sabotage, rule, fromSeed, withinCases);

    [Theory]
    [InlineData(CardReckoning.Views, FirstSeed)]
    [InlineData(TapReckoning.Once, 14)]
    public void Of_cards_that_were_put_back_is_found_when_nobody_tells_the_cloud(string rule, int fromSeed) =>
        Finds(Story.PutBack, nameof(Sabotage.NobodySaysThatRowsWerePutBack), rule, fromSeed, 20);

    private static void Finds(Story story, string sabotage, string rule, int fromSeed, int withinCases)
    {
        var campaign = new Campaign(story, fromSeed, withinCases, Enum.Parse<Sabotage>(sabotage), Environment.ProcessorCount) { MostFailures = Enough };

        var failures = campaign.Run();

        failures.Select(failure => failure.Violation!.Rule).ShouldContain(rule);
    }
}
