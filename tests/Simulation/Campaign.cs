using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Stories;

namespace CanteenPay.Simulation;

/// <summary>Many cases on all cores; each is its own thread's, and its story does not depend on the others.</summary>
internal sealed class Campaign(Story story, int from, int cases, Sabotage sabotage, int cores)
{
    private readonly Lock gate = new();
    private readonly List<Outcome> failed = [];
    private int next;
    private Tally tally = new();

    /// <summary>Told now and then how far it is: cases done, and failed ones.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>No more cases are begun after so many failures.</summary>
    public int MostFailures { get; init; } = 10;

    /// <summary>What happened in all cases.</summary>
    public Tally Tally => tally;

    /// <summary>Runs all cases; those that failed, by seed.</summary>
    public IReadOnlyList<Outcome> Run()
    {
        Thread[] workers = [.. Enumerable.Range(0, cores).Select(_ => new Thread(Work))];
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        return [.. failed.OrderBy(outcome => outcome.Seed)];
    }

    private void Work()
    {
        while (Interlocked.Increment(ref next) - 1 is var number && number < cases && failed.Count < MostFailures)
        {
            var outcome = Teller.Tell(story, from + number, sabotage: sabotage);
            lock (gate)
            {
                tally += outcome.Tally;
                if (outcome.Violation is not null)
                    failed.Add(outcome);
                Progress?.Invoke(tally.Cases, failed.Count);
            }
        }
    }
}
