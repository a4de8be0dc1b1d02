using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>
/// When what waits for an answer is sent again: at once, then after 1, 2, 4 … 60 s, jittered by a fifth so that the machines of a canteen that
/// lost the network together do not come back together. A refund that the cloud already has is only asked about, each 60 s.
/// Kept in memory: after a restart or a reconnect everything is due.
/// </summary>
internal sealed class ResendSchedule(Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly Dictionary<(OrderId Order, OutboxKind Kind, string? Refund), Sending> entries = [];

    /// <summary>Those that are due now, in their order.</summary>
    public IReadOnlyList<OutboxRow> Due(IReadOnlyList<OutboxRow> waiting, DateTimeOffset now)
    {
        Forget(waiting);
        return [.. waiting.Where(row => DueAt(row, now) <= now)];
    }

    /// <summary>One was sent, or could not be: it is due again after a while.</summary>
    public void Sent(OutboxRow row, DateTimeOffset now)
    {
        var before = entries.GetValueOrDefault(KeyOf(row))?.Count ?? 0;
        entries[KeyOf(row)] = new(before + 1, now, Jitter());
    }

    /// <summary>When the next one is due; null when nothing waits.</summary>
    public DateTimeOffset? Next(IReadOnlyList<OutboxRow> waiting, DateTimeOffset now) =>
        waiting.Count == 0 ? null : waiting.Min(row => DueAt(row, now));

    /// <summary>Everything is due again, from the first wait on.</summary>
    public void Restart() => entries.Clear();

    /// <summary>The wait after so many earlier sendings: 1, 2, 4 … 60 s, ± a fifth.</summary>
    internal TimeSpan Backoff(int sentBefore) => Wait(sentBefore) * Jitter();

    private static TimeSpan Wait(int sentBefore) => TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(sentBefore, 10))));

    private double Jitter() => 0.8 + 0.4 * random.NextDouble();

    private static (OrderId Order, OutboxKind Kind, string? Refund) KeyOf(OutboxRow row) =>
        (row.Order.Id, row.Kind, row.Kind == OutboxKind.Refund ? row.Order.Refund?.Key : null);

    /// <summary>What was never sent is due now.</summary>
    private DateTimeOffset DueAt(OutboxRow row, DateTimeOffset now)
    {
        if (!entries.TryGetValue(KeyOf(row), out var last))
            return now;
        var isOnlyAsked = row is { Kind: OutboxKind.Refund, Order.Refund.Stage: RefundStage.Pending };
        return last.At + (isOnlyAsked ? Longest : Wait(last.Count - 1)) * last.Jitter;
    }

    private void Forget(IReadOnlyList<OutboxRow> waiting)
    {
        if (entries.Count == 0)
            return;
        var alive = waiting.Select(KeyOf).ToHashSet();
        foreach (var gone in entries.Keys.Where(key => !alive.Contains(key)).ToList())
            entries.Remove(gone);
    }

    /// <summary>The last of so many sendings, and what the wait after it is multiplied by.</summary>
    private sealed record Sending(int Count, DateTimeOffset At, double Jitter);
}
