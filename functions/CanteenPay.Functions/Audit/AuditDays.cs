namespace CanteenPay.Functions.Audit;

/// <summary>
/// Finds the head to which is added now. A day that is over is sealed first, with the name of the day that follows; so an instance whose clock is behind cannot add
/// to it afterwards, and the next day's first entry hangs on its last for good. So is a day that was to follow, but whose first writer was killed: with no entries.
/// </summary>
internal sealed class AuditDays(AuditStore store, ILogger<AuditDays> logger)
{
    /// <summary>Days that are walked from where the looking begins; it lags behind only where somebody was killed.</summary>
    private const int MostDays = 400;

    /// <summary>The head of today, or of a later day if that has begun.</summary>
    public async Task<AuditHead> OpenAsync(DateOnly today, CancellationToken cancellationToken)
    {
        if (await store.BeginningAsync(cancellationToken) is not { } day)
        {
            await store.BeginAtAsync(today, cancellationToken);
            day = today;
        }

        var head = await store.HeadAsync(day, cancellationToken) ?? AuditHead.Begin(day);
        for (var walked = 0; walked < MostDays; walked++)
        {
            if (head.Next is { } next)
            {
                head = await store.HeadAsync(next, cancellationToken) ?? AuditHead.After(head);
            }
            else if (head.Day >= today)
            {
                return head;
            }
            else if (await store.TrySealAsync(head, today, cancellationToken) is { } closed)
            {
                // Logs are kept elsewhere: whoever rewrites a whole chain would have to rewrite them too.
                AuditLog.DaySealed(logger, closed.Day, closed.Seq, closed.Hash);
                head = closed;
            }
            else
            {
                head = await store.HeadAsync(head.Day, cancellationToken)
                    ?? throw new InvalidOperationException($"The head of {head.Day:yyyy-MM-dd} in the audit was there and is gone.");
            }
        }

        throw new InvalidOperationException($"The audit's days lead nowhere from {day:yyyy-MM-dd} on: {MostDays} were followed.");
    }

    /// <summary>Notes that a day has begun, so that looking begins there.</summary>
    public Task BeganAsync(DateOnly day, CancellationToken cancellationToken) => store.BeginAtAsync(day, cancellationToken);
}
