using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// How long the cloud was not heard, and the time that taps bear; both are stored, so that switching a machine off or setting its clock back wins nothing.
/// Running time is counted by the steady clock. Over a restart the wall clock's gap is added, if it goes forward.
/// </summary>
internal sealed class OfflineClock
{
    /// <summary>Stored so often, and with every tap.</summary>
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
        unheardBefore = unheardStored + (gap > TimeSpan.Zero ? gap : TimeSpan.Zero);
        floor = (OrderRow.Time(corrected), learnt);
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

    /// <summary>Stores both.</summary>
    public void Keep()
    {
        var (unheard, now, learnt) = (Unheard, Now, clock.IsLearnt);
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
            floor = (BusinessDay.Local(DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds())), learnt);
        }
    }
}
