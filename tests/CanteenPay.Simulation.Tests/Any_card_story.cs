using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Stories;

namespace CanteenPay.Simulation.Tests;

/// <summary>Staff with cards, machines whose disks come and go, an office, network and cloud in random stories; what must hold in each is in the simulator's <c>Invariants</c>.</summary>
public sealed class Any_card_story
{
    private const int FirstSeed = 1;
    private const int Cases = 250;

    /// <summary>Eight parts of 250: whoever looks for a test that hangs is told of each, however busy the machine is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(251)]
    [InlineData(501)]
    [InlineData(751)]
    [InlineData(1001)]
    [InlineData(1251)]
    [InlineData(1501)]
    [InlineData(1751)]
    public void Not_a_fen_is_lost_or_doubled_in_two_thousand_of_them(int fromSeed)
    {
        var campaign = new Campaign(Story.Cards, fromSeed, Cases, Sabotage.None, Environment.ProcessorCount);

        var failures = campaign.Run();

        failures.Select(CommandLine.Describe).ShouldBeEmpty();
        // A simulator in which nothing happens finds nothing.
        var happened = campaign.Tally;
        happened.Cases.ShouldBe(Cases);
        happened[Counted.Taps].ShouldBeGreaterThan(5 * Cases);
        happened[Counted.Undone].ShouldBeGreaterThan(Cases / 4);
        happened[Counted.Refused].ShouldBeGreaterThan(Cases);
        happened[Counted.Lost].ShouldBeGreaterThan(Cases / 40);
        happened[Counted.Wishes].ShouldBeGreaterThan(2 * Cases);
        foreach (var trouble in (string[])[Counted.LongOffline, Counted.Restored, Counted.Replaced, Counted.Damaged, Counted.Moved, Counted.PowerCuts])
            happened[trouble].ShouldBeGreaterThan(Cases / 20, trouble);
        happened[Counted.AppKills].ShouldBeGreaterThan(Cases / 2);
    }

    /// <summary>The table is lost, last night's copy is put back, and machines, ledger and office are of today.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(251)]
    public void Cards_that_were_put_back_to_an_earlier_state_come_together_with_machines_and_ledger_again(int fromSeed)
    {
        var campaign = new Campaign(Story.PutBack, fromSeed, Cases, Sabotage.None, Environment.ProcessorCount);

        var failures = campaign.Run();

        failures.Select(CommandLine.Describe).ShouldBeEmpty();
        campaign.Tally[Counted.Taps].ShouldBeGreaterThan(5 * Cases);
        campaign.Tally[Counted.Wishes].ShouldBeGreaterThan(2 * Cases);
    }

    [Fact]
    public void The_same_seed_tells_the_same_story_whatever_runs_beside_it()
    {
        const int Seeds = 4;
        var first = Enumerable.Range(FirstSeed, Seeds).Select(Told).ToList();

        var beside = Enumerable.Range(FirstSeed, Seeds).Reverse().AsParallel().WithDegreeOfParallelism(2).Select(seed => (seed, Told(seed))).ToDictionary();

        foreach (var (seed, story) in Enumerable.Range(FirstSeed, Seeds).Zip(first))
            beside[seed].ShouldBe(story);
        first.Distinct().Count().ShouldBe(Seeds);
    }

    private static string Told(int seed) => string.Join('\n', Teller.Tell(Story.Cards, seed, traced: true).Story);
}
