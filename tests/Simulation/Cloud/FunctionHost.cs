using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Cloud;

/// <summary>
/// The Functions host and its queues: at least once, a failed invocation comes again at once, ten in all, then the message is a dead letter for <c>parked</c>.
/// </summary>
/// <param name="agenda">Virtual time.</param>
/// <param name="world">The host's life: it is Azure's, and does not die.</param>
/// <param name="weather">Faults.</param>
/// <param name="start">Starts the function app's process.</param>
/// <param name="trace">The story.</param>
internal sealed class FunctionHost(Agenda agenda, Life world, Weather weather, Func<CloudApp> start, Trace? trace)
{
    private const int MaxDeliveries = 10;

    private readonly List<QueuedMessage> inHand = [];
    private readonly Queue<Action> waiting = [];
    private CloudApp? app;
    private DateTimeOffset outUntil;

    /// <summary>Starts the first process.</summary>
    public void Start() => app = start();

    /// <summary>A message is handed out.</summary>
    public void Deliver(QueuedMessage message)
    {
        foreach (var wait in weather.Arrivals(weather.Plan.Queue, 0.001, 0.02))
            agenda.After(wait, world, () => WhenUp(() => Attempt(message)));
    }

    /// <summary>A request reaches the front door; nothing is answered if the process dies meanwhile, or is not there.</summary>
    public void Request(Func<CloudApp, Task> work)
    {
        if (app is { } running && agenda.Now >= outUntil)
            running.Life.Start(() => work(running));
    }

    /// <summary>Every invocation fails at once for a while.</summary>
    public void BreakFor(TimeSpan time)
    {
        trace?.Say("host", $"cannot reach the app for {time.TotalSeconds:F0} s");
        outUntil = agenda.Now + time;
    }

    /// <summary>The process is killed; the host starts another and hands out again what it had in hand.</summary>
    public void Kill(string when)
    {
        if (app is not { } killed)
            return;
        trace?.Say("host", $"the app is killed {when}");
        killed.Life.End();
        app = null;
        var orphans = inHand.ToArray();
        inHand.Clear();
        agenda.After(weather.Dice.Between(0.3, 4), world, () =>
        {
            app = start();
            foreach (var message in orphans)
                Again(message, "killed");
            while (waiting.TryDequeue(out var next))
                next();
        });
    }

    private void WhenUp(Action act)
    {
        if (app is null)
            waiting.Enqueue(act);
        else
            act();
    }

    private void Attempt(QueuedMessage message)
    {
        if (agenda.Now < outUntil)
        {
            agenda.After(TimeSpan.FromMilliseconds(20), world, () => Again(message, "no answer"));
            return;
        }

        inHand.Add(message);
        var running = app!;
        running.Life.Start(async () =>
        {
            try
            {
                await running.TakeAsync(message);
                inHand.Remove(message);
            }
#pragma warning disable CA1031 // The host's boundary: whatever it was, the message comes again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                inHand.Remove(message);
                agenda.After(TimeSpan.FromMilliseconds(10), world, () => Again(message, e.Message));
            }
        });
    }

    private void Again(QueuedMessage message, string why)
    {
        trace?.Say("host", $"{message.Queue} {message.Id} failed, delivery {message.Deliveries}: {why}");
        if (message.Deliveries < MaxDeliveries)
            WhenUp(() => Attempt(message with { Deliveries = message.Deliveries + 1 }));
        else if (message.Queue != Queues.Parked)
            Deliver(new(Queues.Parked, message.Id, message.Body, DeadLetterSource: message.Queue));
        else
            trace?.Say("host", $"{message.Id} is dead in {Queues.Parked}, where nobody reads it");
    }
}
