namespace CanteenPay.Settle;

/// <summary>Has a date settled and watches until it is done.</summary>
internal sealed class SettleWatch(SettlementApi api, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>As long as a night takes, and an hour; those that failed are tried for some minutes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <summary>They are made some seconds after the last statement.</summary>
    private static readonly TimeSpan FilesLimit = TimeSpan.FromSeconds(30);

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
            if (await LookAsync(day, cancellationToken) is { } progress)
            {
                look(progress);
                if (progress.Due <= progress.FailedCount)
                    return await api.ReadAsync(day, cancellationToken);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        throw new SettleException($"{Limit.TotalHours} 小时后仍未结算完 / Not settled after {Limit.TotalHours} hours.");
    }

    /// <summary>The date's files: the last ones, if none come in a while.</summary>
    public async Task<DayFiles> FilesAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(BetweenLooks, time);
        DayFiles files;
        while ((files = await api.FilesAsync(day, cancellationToken)).Files.Count == 0 && time.GetElapsedTime(began) < FilesLimit)
            await timer.WaitForNextTickAsync(cancellationToken);
        return files;
    }

    /// <summary>How far it is; null when nobody says so in this moment, because the function app is just starting again.</summary>
    private async Task<DayProgress?> LookAsync(DateOnly day, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.LookAsync(day, cancellationToken)).Progress;
        }
        catch (HttpRequestException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
