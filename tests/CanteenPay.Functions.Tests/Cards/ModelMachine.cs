using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards;

/// <summary>A machine as the protocol has it: taps, sends, and does what acknowledgements say. It knows no more than it was told.</summary>
internal sealed class ModelMachine(World world, DeviceId device)
{
    private readonly Dictionary<Epoch, CardEntriesAck> _acknowledged = [];
    private readonly Dictionary<string, CardEntries> _sent = new(StringComparer.Ordinal);
    private int _epochs;
    private int _heard;

    /// <summary>The journal that it taps into.</summary>
    public Journal Current { get; private set; } = new(device, epoch: $"EP0{device.Value[^1]}0000");

    /// <summary>Older ones of which something may be unsent, and those that are finished.</summary>
    public List<Journal> Older { get; } = [];

    /// <summary>Journals whose rest was booked again elsewhere, and from where on.</summary>
    public Dictionary<Epoch, long> Finished { get; } = [];

    /// <summary>Taps that were approved on this disk and are not lost: they must be booked once in the end.</summary>
    public IEnumerable<CardEntry> Approved => Older.Append(Current).SelectMany(
        journal => journal.Entries.Where(entry => !(Finished.TryGetValue(journal.Epoch, out var held) && entry.Seq > held)));

    /// <summary>A tap, or the reversal of one.</summary>
    public void Tap(CardAccount account, long fen, CardEntry? reverses = null)
    {
        if (reverses is null)
            Current.Tap(account, fen);
        else
            Current.Reverse(reverses);
    }

    /// <summary>Sends entries from the acknowledged one on, or some older ones again; then listens.</summary>
    public async Task SendAsync(int count, int again)
    {
        foreach (var journal in Older.Append(Current).Where(journal => !Finished.ContainsKey(journal.Epoch)).ToList())
        {
            var first = Math.Max(1, Through(journal) + 1 - again);
            if (first > journal.LastSeq)
                continue;
            var batch = journal.Batch(first, Math.Min(journal.LastSeq, first + count - 1));
            _sent[batch.Id] = batch;
            await world.CardsSayAsync(batch, device);
        }

        Listen();
    }

    /// <summary>An old image of the disk comes back: the current journal as it was.</summary>
    public void Restore(long seq)
    {
        Current = Current.ImageAt(Math.Min(seq, Current.LastSeq));
        if (_acknowledged.TryGetValue(Current.Epoch, out var ack) && ack.Through > Current.LastSeq)
            _acknowledged.Remove(Current.Epoch);
        // What was said to the disk that is gone was not said to this one.
        _heard = world.ToldOfCards(device).Count;
        _sent.Clear();
    }

    /// <summary>An empty disk: nothing of the old one is ever sent again.</summary>
    public void Reinstall()
    {
        Older.Clear();
        Finished.Clear();
        _acknowledged.Clear();
        _sent.Clear();
        Begin(finished: null);
        _heard = world.ToldOfCards(device).Count;
    }

    /// <summary>Everything is sent.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round < 30 && Older.Append(Current).Any(journal => !Finished.ContainsKey(journal.Epoch) && Through(journal) < journal.LastSeq); round++)
            await SendAsync(CardEntries.MaxEntries, again: 0);
    }

    private long Through(Journal journal) => _acknowledged.TryGetValue(journal.Epoch, out var ack) ? ack.Through : 0;

    private void Listen()
    {
        var told = world.ToldOfCards(device);
        foreach (var ack in told.Skip(_heard).OfType<CardEntriesAck>())
        {
            if (Older.Append(Current).FirstOrDefault(known => known.Epoch == ack.Epoch) is not { } journal || Finished.ContainsKey(ack.Epoch))
                continue;
            if (ack.Through > journal.LastSeq || journal.HashAt(ack.Through) != ack.Hash)
                BeginIfProven(journal, ack);
            else if (ack.Restart)
                Begin(journal, ack.Through);
            else if (ack.Through >= Through(journal))
                _acknowledged[journal.Epoch] = ack;
        }

        _heard = told.Count;
    }

    /// <summary>Only the answer to a message of this disk, which had the entry after the last common one or all there were, shows where the journals part.</summary>
    private void BeginIfProven(Journal journal, CardEntriesAck ack)
    {
        if (ack is { HeldThrough: { } held, InReplyTo: { } question } && held <= journal.LastSeq && journal.HashAt(held) == ack.HeldHash
            && _sent.TryGetValue(question, out var batch) && (held < batch.Entries[^1].Seq || batch.Entries[^1].Seq == batch.LastSeq))
        {
            Begin(journal, held);
        }
    }

    private void Begin(Journal? finished, long held = 0)
    {
        var begun = new Journal(device, epoch: $"EP0{device.Value[^1]}{++_epochs:D4}");
        if (finished is not null)
        {
            Finished[finished.Epoch] = held;
            foreach (var entry in finished.Entries.Skip((int)held))
                begun.Append(entry with { Seq = begun.LastSeq + 1 });
            if (finished != Current)
            {
                Older.Add(begun);
                return;
            }

            Older.Add(Current);
        }

        Current = begun;
    }
}
