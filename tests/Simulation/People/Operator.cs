using CanteenPay.Functions.Cards;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.Machines;

namespace CanteenPay.Simulation.People;

/// <summary>
/// Somebody who looks after machines' journals: releases what is parked, ends what no machine has any more, and brings a machine back to the merchant whose journal it
/// cannot book again elsewhere.
/// </summary>
internal sealed class Operator(Stage stage, MachineTrouble trouble)
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(2);

    /// <summary>A journal that no machine has is ended once everything is calm: until then somebody may bring the disk back.</summary>
    private static readonly TimeSpan WaitsForDisks = TimeSpan.FromMinutes(3);

    /// <summary>What a machine of another merchant has not brought up by then contradicts the cloud's.</summary>
    private static readonly TimeSpan WaitsForEntries = TimeSpan.FromMinutes(6);

    private DateTimeOffset? calmSince;

    /// <summary>Journals that had to be released.</summary>
    public int Released { get; private set; }

    /// <summary>Journals that nobody had any more.</summary>
    public int Ended { get; private set; }

    /// <summary>Makes rounds from now on.</summary>
    public async Task WorkAsync()
    {
        while (true)
        {
            await stage.World.DelayAsync(Round);
            calmSince ??= stage.Weather.IsCalm ? stage.Agenda.Now : null;
            foreach (var journal in new[] { Canteen.First.Id, Canteen.Second.Id }.SelectMany(merchant => CardBooks.CursorsOf(stage.Azure, merchant)))
                Look(journal);
            foreach (var stuck in stage.Machines.Where(machine => calmSince + WaitsForEntries < stage.Agenda.Now && HasForeignEntries(machine)))
                trouble.Move(stuck);
        }
    }

    private static bool HasForeignEntries(Machine machine) => machine.Journals?.Any(journal => journal.Merchant != machine.Merchant.Id && journal.Unsent > 0) == true;

    private void Look(CursorRow journal)
    {
        if (journal is { Parked: not null, Restart: false })
            Do($"releases {journal.Journal}, parked: {journal.Parked}", app => app.ReleaseAsync(journal), () => Released++);
        else if (!journal.Ended && calmSince + WaitsForDisks < stage.Agenda.Now && IsGone(journal))
            Do($"ends {journal.Journal}", app => app.EndAsync(journal), () => Ended++);
    }

    private bool IsGone(CursorRow journal) => stage.Machines.FirstOrDefault(machine => machine.Device == journal.Device)?.Journals is { } journals
        && !journals.Any(known => known.Epoch == journal.Epoch && !(known.Torn && known.Unsent == 0));

    private void Do(string what, Func<CloudApp, Task> work, Action done)
    {
        stage.Trace?.Say("operator", what);
        done();
        stage.Timer("the operator's request", work);
    }
}
