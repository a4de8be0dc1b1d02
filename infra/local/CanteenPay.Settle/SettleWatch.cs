namespace CanteenPay.Settle;

/// <summary>Has a date settled and watches until it is done.</summary>
internal sealed class SettleWatch(SettlementApi api, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>As long as a night takes, and an hour; those that failed are tried for some minutes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <summary>Settles it.</summary>
    /// <param name="day">The date.</param>
    /// <param name="look">Told how far it is.</param>
    /// <param name="cancellationToken">Stops watching; the settling goes on.</param>
    /// <returns>The date when nobody is due any more, or all who are could not be settled.</returns>
    /// <exception cref="SettleException">It was refused, or never ended.</exception>
    public async Task<DayView> SettleAsync(DateOnly day, Action<DayProgress> look, CancellationToken cancellationToken)
    {
        await api.SettleAsync(day, cancellationToken);
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(BetweenLooks, time);
        while (time.GetElapsedTime(began) < Limit)
        {
            if ((await api.LookAsync(day, cancellationToken)).Progress is { } progress)
            {
                look(progress);
                if (progress.Due <= progress.Failed.Count)
                    return await api.ReadAsync(day, cancellationToken);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        throw new SettleException($"{Limit.TotalHours} 小时后仍未结算完 / Not settled after {Limit.TotalHours} hours.");
    }
}
