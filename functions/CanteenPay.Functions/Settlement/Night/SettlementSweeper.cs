using System.Globalization;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Closing;
using CanteenPay.Functions.Settlement.Days;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>
/// The guardian of settlement: sends a date that the night missed, merchants whose postings changed and those whose message was lost, and completes a closing. Two reads a minute when
/// there is nothing to do.
/// </summary>
internal sealed class SettlementSweeper(DayIndex index, ClosedDays closed, FanOut fanOut, ClosingRun closing, PaymentSettings settings) : ISweeper
{
    /// <summary>Merchants that are due are sent once in so long: those of the night are still in the queue for a while.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(20);

    /// <summary>A date that the night did not send by then was missed: its messages and ours would be twice the work.</summary>
    private static readonly TimeSpan NightTakes = TimeSpan.FromMinutes(5);

    private DateTimeOffset _nextDue;

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var through = await closed.ReadAsync(cancellationToken);
        var apart = new OneByOne();
        if (!through.IsAtRest)
            await apart.TryAsync(() => closing.GoOnAsync(cancellationToken), cancellationToken);
        var isDueTime = now >= _nextDue;
        await foreach (var day in index.ListDaysAsync(through.Through, cancellationToken))
        {
            var complete = DayHours.CompleteFrom(day.Day, settings.SettlementCutOff);
            if (now >= complete + NightTakes && !day.IsFannedOut)
                await apart.TryAsync(() => fanOut.AllAsync(day.Day, SettlementNight.Run(now), cancellationToken), cancellationToken);
            else if (isDueTime && day.IsFannedOut && now >= complete + Pace)
                await apart.TryAsync(() => fanOut.DueAsync(day.Day, Run(now), alsoFailed: false, cancellationToken), cancellationToken);
        }

        if (isDueTime)
            _nextDue = now + Pace;
        apart.End("parts of settlement could not be looked after");
    }

    private static string Run(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"sweep-{now.UtcTicks / Pace.Ticks}");
}
