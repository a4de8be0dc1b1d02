using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// Brings journals to the cloud, one message of each at a time, again and again until it is acknowledged; and finds out where a journal and the cloud's part.
/// Its callers hold the database's lock.
/// </summary>
internal sealed class JournalUpload(CardTables tables, ResendSchedule backoff, MachineClock clock, ILogger<JournalUpload> log)
{
    private readonly Dictionary<Epoch, Sending> sendings = [];

    /// <summary>Everything is due again.</summary>
    public void Restart()
    {
        foreach (var sending in sendings.Values)
            sending.Reset();
    }

    /// <summary>The messages that are due, counted as sent.</summary>
    public IReadOnlyList<CardEntries> Due()
    {
        var now = clock.Steady;
        List<CardEntries> due = [];
        foreach (var journal in tables.Journals.All.Where(IsWanted))
        {
            var sending = Of(journal);
            if (sending.DueAt > now || Compose(journal) is not { } message)
                continue;
            sending.Sent(new(message.Id, message.First, message.Entries[^1].Seq, message.Entries[^1].Seq == journal.Last), now, backoff);
            due.Add(message);
        }

        return due;
    }

    /// <summary>When the next message is due by the steady clock; null when nothing waits.</summary>
    public DateTimeOffset? Next() => tables.Journals.All.Where(IsWanted).Min(journal => (DateTimeOffset?)Of(journal).DueAt);

    /// <summary>The cloud has answered a message.</summary>
    public void Answered(CardEntriesAck ack)
    {
        if (tables.Journals.Of(ack.MerchantId, ack.Epoch) is { Stage: not JournalStage.Finished } journal)
            Judge(journal, ack.Through, ack.Hash, ack.Restart, ack);
    }

    /// <summary>The cloud has said where a journal stands.</summary>
    public void Told(JournalCursor cursor)
    {
        if (tables.Journals.Of(cursor.MerchantId, cursor.Epoch) is { Stage: not JournalStage.Finished } journal)
            Judge(journal, cursor.Through, cursor.Hash, cursor.Restart, ack: null);
    }

    private void Judge(Journal journal, long through, EntryHash hash, bool restart, CardEntriesAck? ack)
    {
        var mine = through <= journal.Last ? tables.Journals.HashAt(journal, through) : null;
        if (mine == hash)
            Agreed(journal, through, restart);
        else if (mine is not null || through > journal.Last)
            Contradicted(journal, through, ack);
        // Otherwise it is about an entry that was acknowledged and forgotten long ago.
    }

    private void Agreed(Journal journal, long through, bool restart)
    {
        // An answer that was overtaken says nothing any more. Where the journal is to end, its cursor stands for good: behind what was acknowledged it stands only where
        // the cloud's rows were put back to an earlier state, and what it does not hold any more is booked again.
        if (through < journal.Acked && !restart)
            return;
        Of(journal).Contradicted = false;
        if (journal.Stage == JournalStage.Current)
            tables.Contradict(null);
        if (restart)
            Rebook(journal, through, through);
        else if (through > journal.Acked)
        {
            tables.Journals.Acknowledge(journal, through);
            Of(journal).Reset();
            log.EntriesBooked(journal.Epoch, through, journal.Last);
        }
    }

    /// <summary>
    /// The cloud's journal is another one than this: the disk was restored from an older image. What the cloud does not hold is booked again in a new journal, but
    /// only once an answer proves from where on that is.
    /// </summary>
    private void Contradicted(Journal journal, long through, CardEntriesAck? ack)
    {
        var sending = Of(journal);
        if (!sending.Contradicted)
            log.JournalContradicted(journal.Epoch, through, journal.Last);
        sending.Contradicted = true;
        if (journal.Stage == JournalStage.Current)
            tables.Contradict(journal.Epoch);
        if (journal.Last == 0)
            Rebook(journal, 0, through);
        else if (ack is { HeldThrough: { } held, HeldHash: { } hash } && held <= journal.Last && tables.Journals.HashAt(journal, held) == hash)
        {
            if (sending.IsProof(ack.InReplyTo, held, journal.Held))
                Rebook(journal, held, through);
            else if (held > journal.Acked && sending.AnswersAll(ack.InReplyTo, held))
            {
                tables.Journals.AcknowledgeHeld(journal, held);
                sending.Reset();
            }
        }
    }

    /// <summary>
    /// Finishes a journal; what the cloud does not hold of it is booked again, with the same ids, in a journal of its own. That takes no taps and follows from the entries
    /// alone: whatever was restored how often from one image, its entries are booked again in one journal, and so once.
    /// </summary>
    private void Rebook(Journal journal, long kept, long told)
    {
        var journals = tables.Journals;
        Epoch? into = null;
        try
        {
            tables.Database.InTransaction(() =>
            {
                journals.Finish(journal, kept, told);
                journals.Reload();
                if (journals.Read(journal, kept + 1, 1) is [var first])
                {
                    var again = journals.BeginBeside(journal.Merchant, Epoch.Again(first.Hash));
                    into = again.Epoch;
                    for (var after = kept; journals.Read(journal, after + 1, CardEntries.MaxEntries) is [.., var last] entries; after = last.Entry.Seq)
                        again = journals.Append(again, entries.Select(stored => stored.Entry));
                }

                if (journal.Stage == JournalStage.Current)
                    tables.BeginJournal();
            });
        }
        finally
        {
            journals.Reload();
        }

        sendings.Remove(journal.Epoch);
        log.JournalFinished(journal.Epoch, kept, journal.Last - kept, into);
    }

    private bool IsWanted(Journal journal) =>
        journal.Stage != JournalStage.Finished && (journal.Unsent > 0 || (Of(journal).Contradicted && journal.Last > 0));

    /// <summary>Where nothing is unsent, the last entries go once more, for the cloud to compare: up to the end, because only that shows that it holds no other after it.</summary>
    private CardEntries? Compose(Journal journal)
    {
        var journals = tables.Journals;
        var first = journal.Unsent > 0 ? journal.Acked + 1 : Math.Max(1, journal.Last - CardEntries.MaxEntries + 1);
        while (first < journal.Last && journals.HashAt(journal, first - 1) is null)
            first++;
        var stored = journals.Read(journal, first, CardEntries.MaxEntries);
        var entries = Batch.Cut(stored);
        for (; journal.Unsent == 0 && entries.Count < stored.Count; first++)
        {
            stored = [.. stored.Skip(1)];
            entries = Batch.Cut(stored);
        }

        return journals.HashAt(journal, first - 1) is { } before && entries.Count > 0
            ? new()
            {
                MerchantId = journal.Merchant,
                Epoch = journal.Epoch,
                First = first,
                PrevHash = before,
                LastSeq = journal.Last,
                SentAt = clock.Corrected,
                Entries = entries,
            }
            : null;
    }

    private Sending Of(Journal journal)
    {
        if (!sendings.TryGetValue(journal.Epoch, out var sending))
            sendings[journal.Epoch] = sending = new() { Contradicted = journal.Stage == JournalStage.Current && tables.IsContradicted };
        return sending;
    }

    /// <summary>What was sent of a journal.</summary>
    private sealed class Sending
    {
        private const int Remembered = 16;
        private readonly Queue<Sent> recent = [];
        private int count;

        /// <summary>The next message is due then.</summary>
        public DateTimeOffset DueAt { get; private set; } = DateTimeOffset.MinValue;

        /// <summary>The cloud's cursor contradicts the journal.</summary>
        public bool Contradicted { get; set; }

        /// <summary>The next message is due now.</summary>
        public void Reset() => (count, DueAt) = (0, DateTimeOffset.MinValue);

        /// <summary>A message was sent.</summary>
        public void Sent(Sent sent, DateTimeOffset now, ResendSchedule backoff)
        {
            DueAt = now + backoff.Backoff(count++);
            recent.Enqueue(sent);
            if (recent.Count > Remembered)
                recent.Dequeue();
        }

        /// <summary>
        /// Whether an answer shows that journal and cloud part right after an entry: the entry after it was in the message, and the cloud does not hold it; or there was
        /// none when it was sent, and what came since cannot be at the cloud. An answer to a message that is not known, or that may be a late copy of an earlier
        /// answer, shows nothing.
        /// </summary>
        public bool IsProof(string? inReplyTo, long held, long heldBefore) =>
            Find(inReplyTo) is { } sent && held >= sent.First - 1 && (held < sent.Through || sent.WasAll) && held <= sent.Through
            && (inReplyTo is not null || heldBefore == 0 || held > heldBefore);

        /// <summary>Whether an answer says that the cloud holds all of a message.</summary>
        public bool AnswersAll(string? inReplyTo, long held) => Find(inReplyTo) is { } sent && held == sent.Through;

        private Sent? Find(string? inReplyTo) => inReplyTo is null ? recent.LastOrDefault() : recent.FirstOrDefault(sent => sent.Id == inReplyTo);
    }

    /// <summary>A message that was sent, and whether it went up to the end that the journal had.</summary>
    private sealed record Sent(string Id, long First, long Through, bool WasAll);
}
