using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>
/// When what waits for an answer is sent again: at once, then after 1, 2, 4 … 60 s, jittered by a fifth so that the machines of a canteen that
/// lost the network together do not come back together. Kept in memory: after a restart or a reconnect everything is due.
/// </summary>
internal sealed class ResendSchedule(Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly Dictionary<(OrderId Order, OutboxKind Kind), (int Sent, DateTimeOffset Due)> entries = [];

    /// <summary>Those that are due now, noted as sent; and when the next one is, null when nothing waits.</summary>
    public (IReadOnlyList<OutboxRow> Due, DateTimeOffset? Next) Take(IReadOnlyList<OutboxRow> waiting, DateTimeOffset now)
    {
        Forget(waiting);
        List<OutboxRow> due = [];
        DateTimeOffset? next = null;
        foreach (var row in waiting)
        {
            var key = (row.Order.Id, row.Kind);
            (int Sent, DateTimeOffset Due) entry = entries.GetValueOrDefault(key, (Sent: 0, Due: now));
            if (entry.Due <= now)
            {
                due.Add(row);
                entry = (entry.Sent + 1, now + Backoff(entry.Sent));
            }

            entries[key] = entry;
            next = next is null || entry.Due < next ? entry.Due : next;
        }

        return (due, next);
    }

    /// <summary>Everything is due again, from the first wait on.</summary>
    public void Restart() => entries.Clear();

    /// <summary>The wait after so many earlier sendings: 1, 2, 4 … 60 s, ± a fifth.</summary>
    internal TimeSpan Backoff(int sentBefore)
    {
        var seconds = Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(sentBefore, 10)));
        return TimeSpan.FromSeconds(seconds * (0.8 + 0.4 * random.NextDouble()));
    }

    private void Forget(IReadOnlyList<OutboxRow> waiting)
    {
        if (entries.Count == 0)
            return;
        var alive = waiting.Select(row => (row.Order.Id, row.Kind)).ToHashSet();
        foreach (var gone in entries.Keys.Where(key => !alive.Contains(key)).ToList())
            entries.Remove(gone);
    }
}
