using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Stories;

namespace CanteenPay.Simulation.Tests;

/// <summary>Machines, diners, bank, network and cloud in random stories; what must hold in each is in the simulator's <c>Invariants</c>.</summary>
public sealed class Any_story
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
    public void Nothing_is_lost_doubled_or_said_wrongly_in_two_thousand_of_them(int fromSeed)
    {
        var campaign = new Campaign(Story.Payments, fromSeed, Cases, Sabotage.None, Environment.ProcessorCount);

        var failures = campaign.Run();

        failures.Select(CommandLine.Describe).ShouldBeEmpty();
        // A simulator in which nothing happens finds nothing.
        var happened = campaign.Tally;
        happened.Cases.ShouldBe(Cases);
        happened[Counted.Orders].ShouldBeGreaterThan(Cases);
        happened[Counted.Paid].ShouldBeGreaterThan(Cases / 2);
        happened[Counted.Spoken].ShouldBeGreaterThan(Cases / 2);
        happened[Counted.PaidLate].ShouldBePositive();
        happened[Counted.Refunds].ShouldBePositive();
        happened[Counted.Parked].ShouldBePositive();
        happened[Counted.AppKills].ShouldBeGreaterThan(Cases / 2);
        happened[Counted.PowerCuts].ShouldBeGreaterThan(Cases / 10);
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

    private static string Told(int seed) => string.Join('\n', PaymentCase.Run(seed, traced: true).Story);
}
