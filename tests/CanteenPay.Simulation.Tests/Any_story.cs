using CanteenPay.Simulation.Faults;

namespace CanteenPay.Simulation.Tests;

/// <summary>Machines, diners, bank, network and cloud in random stories; what must hold in each is in the simulator's <c>Invariants</c>.</summary>
public sealed class Any_story
{
    private const int FirstSeed = 1;
    private const int Cases = 2000;

    [Fact]
    public void Nothing_is_lost_doubled_or_said_wrongly_in_two_thousand_of_them()
    {
        var campaign = new Campaign(FirstSeed, Cases, Sabotage.None, Environment.ProcessorCount);

        var failures = campaign.Run();

        failures.Select(CommandLine.Describe).ShouldBeEmpty();
        // A simulator in which nothing happens finds nothing.
        var happened = campaign.Tally;
        happened.Cases.ShouldBe(Cases);
        happened.Orders.ShouldBeGreaterThan(Cases);
        happened.Paid.ShouldBeGreaterThan(Cases / 2);
        happened.Spoken.ShouldBeGreaterThan(Cases / 2);
        happened.PaidLate.ShouldBePositive();
        happened.Refunds.ShouldBePositive();
        happened.Parked.ShouldBePositive();
        happened.AppKills.ShouldBeGreaterThan(Cases / 2);
        happened.PowerCuts.ShouldBeGreaterThan(Cases / 10);
    }

    [Fact]
    public void The_same_seed_tells_the_same_story_whatever_runs_beside_it()
    {
        const int Seeds = 4;
        var first = Enumerable.Range(FirstSeed, Seeds).Select(Story).ToList();

        var beside = Enumerable.Range(FirstSeed, Seeds).Reverse().AsParallel().WithDegreeOfParallelism(2).Select(seed => (seed, Story(seed))).ToDictionary();

        foreach (var (seed, story) in Enumerable.Range(FirstSeed, Seeds).Zip(first))
            beside[seed].ShouldBe(story);
        first.Distinct().Count().ShouldBe(Seeds);
    }

    private static string Story(int seed) => string.Join('\n', Case.Run(seed, traced: true).Story);
}
