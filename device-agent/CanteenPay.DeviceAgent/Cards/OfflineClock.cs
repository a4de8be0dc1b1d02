using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// How long the cloud was not heard, and the time that taps bear; both are stored, so that switching a machine off or setting its clock back wins nothing.
/// Running time is counted by the steady clock. Over a restart the wall clock's gap is added, and at least as long as a machine may have run since it last stored.
/// </summary>
internal sealed class OfflineClock
{
    /// <summary>Stored so often; the time of taps in between stands in their entries.</summary>
    public static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(30);

    private const string LearntFact = "card-clock-learnt";

    private readonly AgentDatabase database;
    private readonly MachineClock clock;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private TimeSpan unheardBefore;
    private long countedFrom;
    private TimeSpan unheardStored;
    private (DateTimeOffset At, bool Learnt)? floor;
    private bool wasLearnt;
    private bool learntIsStored;
    private Row? kept;
    private Row? written;

    public OfflineClock(AgentDatabase database, MachineClock clock, TimeProvider time)
    {
        (this.database, this.clock, this.time) = (database, clock, time);
        countedFrom = time.GetTimestamp();
        wasLearnt = learntIsStored = database.Query("SELECT 1 FROM facts WHERE name = $name", row => row.GetInt64(0), ("$name", LearntFact)).Count > 0;
        if (database.Query("SELECT unheard, wall, corrected, learnt FROM card_clock", row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)))
            is not [var (unheard, wall, corrected, learnt)])
        {
            return;
        }

        var gap = time.GetUtcNow() - OrderRow.Time(wall);
        unheardStored = TimeSpan.FromMilliseconds(unheard);
        // With less, power cuts and a clock that is set back would win half a minute each.
        unheardBefore = unheardStored + (gap > KeepInterval ? gap : KeepInterval);
        floor = (OrderRow.Time(NewestTap(corrected) ?? corrected), learnt);
        wasLearnt |= learnt;
    }

    /// <summary>The cloud has told this machine its time, now or in an earlier run. Until it has, the day of a tap would be anybody's guess.</summary>
    public bool WasLearnt
    {
        get
        {
            lock (gate)
                return wasLearnt || clock.IsLearnt;
        }
    }

    /// <summary>How long the cloud was not heard.</summary>
    public TimeSpan Unheard
    {
        get
        {
            lock (gate)
                return unheardBefore + time.GetElapsedTime(countedFrom);
        }
    }

    /// <summary>
    /// The corrected time, never behind what was stored last. What was stored by a clock that the cloud had not corrected gives way to the cloud's word:
    /// a battery that put the year 2036 into a tap must not keep all later ones there.
    /// </summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
                return clock.Corrected is var now && floor is { } stored && (stored.Learnt || !clock.IsLearnt) && stored.At > now ? stored.At : now;
        }
    }

    /// <summary>
    /// The cloud was heard. True when that should be stored soon. Before it has told its time in this run that counts for nothing: a machine may not go on for days
    /// by a clock that nobody has looked at.
    /// </summary>
    public bool Heard()
    {
        lock (gate)
        {
            if (!clock.IsLearnt)
                return false;
            (unheardBefore, countedFrom) = (TimeSpan.Zero, time.GetTimestamp());
            return unheardStored > 2 * KeepInterval || !wasLearnt;
        }
    }

    /// <summary>Stores both. When that is part of a transaction, <see cref="Committed"/> after it.</summary>
    public void Keep() => database.Consistently(StoreBoth);

    /// <summary>
    /// A tap is being stored: its entries tell its time after a restart, so that a tap need not write this page too, unless what is stored is old or would not
    /// fit them. Then <see cref="Keep"/>. <see cref="Committed"/> after the transaction.
    /// </summary>
    /// <param name="at">The tap's time.</param>
    public void KeepWith(DateTimeOffset at)
    {
        if (!IsKeptBy(at))
            Keep();
    }

    /// <summary>The entries of a tap that is being stored tell its time after a restart: nothing else needs to be stored with them.</summary>
    /// <param name="at">The tap's time.</param>
    public bool IsKeptBy(DateTimeOffset at)
    {
        lock (gate)
        {
            written = null;
            if (kept is not { } row || row.Learnt != clock.IsLearnt || !IsTold(row, at) || time.GetElapsedTime(row.Since) >= KeepInterval)
                return false;
            floor = at > floor?.At ? (Stored(at), row.Learnt) : floor;
            return true;
        }
    }

    /// <summary>What was stored is on the disk.</summary>
    public void Committed()
    {
        lock (gate)
            (kept, written) = (written ?? kept, null);
    }

    private void StoreBoth()
    {
        // Within the database's lock: a tap that is stored between reading the time and writing it would have a later one.
        var (unheard, now, learnt, since) = (Unheard, Now, clock.IsLearnt, time.GetTimestamp());
        database.Run(
            "INSERT OR REPLACE INTO card_clock (id, unheard, wall, corrected, learnt) VALUES (1, $unheard, $wall, $corrected, $learnt)",
            ("$unheard", (long)unheard.TotalMilliseconds),
            ("$wall", time.GetUtcNow().ToUnixTimeMilliseconds()),
            ("$corrected", now.ToUnixTimeMilliseconds()),
            ("$learnt", learnt));
        if (learnt && !learntIsStored)
        {
            database.Run("INSERT INTO facts (name, value) VALUES ($name, 'yes') ON CONFLICT DO NOTHING", ("$name", LearntFact));
            // What a transaction has put may be taken back.
            learntIsStored = !database.IsInTransaction;
        }

        lock (gate)
        {
            wasLearnt |= learnt;
            unheardStored = unheard;
            floor = (Stored(now), learnt);
            (kept, written) = (null, new(Stored(now), learnt, since));
        }

        if (!database.IsInTransaction)
            Committed();
    }

    /// <summary>The newest tap that was stored after the row, as far as it can have been: one with another time would have stored the row anew.</summary>
    private long? NewestTap(long corrected) => database.Query(
        """
        SELECT max(e.at) FROM card_journals AS j JOIN card_entries AS e
          ON e.journal = j.id AND e.seq = (SELECT max(seq) FROM card_entries WHERE journal = j.id)
        WHERE e.at >= $from AND e.at < $to
        """,
        row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0),
        ("$from", corrected),
        ("$to", corrected + (long)KeepInterval.TotalMilliseconds)).Single();

    private static bool IsTold(Row row, DateTimeOffset at) => at >= row.At && at - row.At < KeepInterval;

    /// <summary>A time as it comes back from the database.</summary>
    private static DateTimeOffset Stored(DateTimeOffset time) => OrderRow.Time(time.ToUnixTimeMilliseconds());

    /// <summary>What is stored.</summary>
    /// <param name="At">The corrected time.</param>
    /// <param name="Learnt">The cloud had told it in that run.</param>
    /// <param name="Since">When it was stored, as a timestamp.</param>
    private sealed record Row(DateTimeOffset At, bool Learnt, long Since);
}
