using CanteenPay.Functions.Cards;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Invariants;

namespace CanteenPay.Simulation.People;

/// <summary>Somebody who looks after machines' journals: releases what is parked, and ends what no machine has any more.</summary>
internal sealed class Operator(Stage stage)
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(2);

    /// <summary>A journal that no machine has is ended once everything is calm: until then somebody may bring the disk back.</summary>
    private static readonly TimeSpan WaitsForDisks = TimeSpan.FromMinutes(3);

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
        }
    }

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
