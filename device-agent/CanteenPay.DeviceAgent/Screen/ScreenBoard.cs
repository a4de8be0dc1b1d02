using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Voice;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>Holds what the screen shows now, and wakes the pages when it changes. A slow page skips what was replaced meanwhile.</summary>
internal sealed class ScreenBoard
{
    /// <summary>Most utterances whose sound is kept for pages.</summary>
    private const int MaxKept = 8;

    private readonly Lock gate = new();
    private readonly Queue<SpokenWords> kept = [];
    private ScreenSnapshot now = new(1, TillState.Start, null, null, null, null, PagePlays: false);
    private TaskCompletionSource changed = NewSignal();

    /// <summary>What is shown now.</summary>
    public ScreenSnapshot Now
    {
        get
        {
            lock (gate)
                return now;
        }
    }

    /// <summary>Shows a state of the till.</summary>
    public void Show(TillState state, IReadOnlyList<Order>? list, IReadOnlyList<Tap>? taps) =>
        Change(before => before with { State = state, Qr = QrOf(before, state), List = list, Taps = taps });

    /// <summary>Shows what is said, and keeps its sound.</summary>
    public void Say(SpokenWords words, bool pagePlays)
    {
        lock (gate)
        {
            kept.Enqueue(words);
            if (kept.Count > MaxKept)
                kept.Dequeue();
        }

        Change(before => before with { Words = words, PagePlays = pagePlays });
    }

    /// <summary>It was played: its words stay readable, but a page that is opened now does not play them again.</summary>
    public void Said(SpokenWords words) => Change(before => before.Words?.Id == words.Id ? before with { PagePlays = false } : before);

    /// <summary>The sound of an utterance; null when it was never there or is long past.</summary>
    public byte[]? Sound(string id)
    {
        lock (gate)
            return kept.FirstOrDefault(words => words.Id == id)?.Wave;
    }

    /// <summary>What is shown as soon as it is newer than a revision.</summary>
    public async Task<ScreenSnapshot> NewerThanAsync(long revision, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (now.Revision > revision)
                    return now;
                next = changed.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private void Change(Func<ScreenSnapshot, ScreenSnapshot> change)
    {
        TaskCompletionSource wake;
        lock (gate)
        {
            now = change(now) with { Revision = now.Revision + 1 };
            (wake, changed) = (changed, NewSignal());
        }

        wake.SetResult();
    }

    /// <summary>Drawn once for each QR, not once for each change of the screen.</summary>
    private static QrPicture? QrOf(ScreenSnapshot before, TillState state) => (before.State.Face, state.Face) switch
    {
        (ShowingQr old, ShowingQr same) when old.Qr == same.Qr => before.Qr,
        (_, ShowingQr showing) => QrDrawing.Of(showing.Qr),
        _ => null,
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
