using System.Globalization;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>The night's settling: every open date that is complete. One that was never sent is sent whole, of the others those that changed or failed.</summary>
internal sealed class SettlementNight(
    DayIndex index, ClosedDays closed, FanOut fanOut, MerchantRegistry merchants, CardDays cards, PaymentSettings settings) : INightChore
{
    /// <summary>So long machines are offline, and nights missed, as a rule.</summary>
    private const int DaysBack = 7;

    /// <summary>
    /// Who sends a date whole. Each time another one: those whom the second of two marks due again must be settled again, and the queue would take their messages for those of the first.
    /// </summary>
    public static string Run(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"night-{now.ToUnixTimeMilliseconds()}");

    /// <inheritdoc/>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var through = await closed.ReadAsync(cancellationToken);
        var recent = BusinessDay.Of(now).AddDays(-DaysBack);
        var known = await index.ListDaysAsync(through.Through < recent ? through.Through : through.Through is null ? null : recent.AddDays(-1), cancellationToken).ToListAsync(cancellationToken);
        var noted = await NoteCardsAsync(Enumerable.Range(0, DaysBack).Select(recent.AddDays).Except(known.Select(day => day.Day)).Where(day => !through.Holds(day)), cancellationToken);
        var apart = new OneByOne();
        foreach (var day in known.Concat(noted).Where(day => !through.Holds(day.Day) && now >= DayHours.CompleteFrom(day.Day, settings.SettlementCutOff)).OrderBy(day => day.Day))
        {
            await apart.TryAsync(
                () => day.IsFannedOut
                    ? fanOut.DueAsync(day.Day, Run(now), alsoFailed: true, cancellationToken)
                    : fanOut.AllAsync(day.Day, Run(now), cancellationToken),
                cancellationToken);
        }

        apart.End("days could not be sent to be settled");
    }

    /// <summary>A day on which nobody paid by a channel is one all the same when cards were used.</summary>
    /// <returns>The days that were found.</returns>
    private async Task<IReadOnlyList<BusinessDayRow>> NoteCardsAsync(IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        var (missing, found) = (days.ToHashSet(), new List<BusinessDayRow>());
        if (missing.Count == 0)
            return found;
        await foreach (var merchant in merchants.ListAsync(cancellationToken))
        {
            await foreach (var day in cards.DaysAsync(merchant.Id, missing.Min(), missing.Max(), cancellationToken).Where(missing.Contains))
            {
                await index.NoteAsync(day, merchant.Id, cancellationToken);
                found.Add(new(day));
                missing.Remove(day);
                // Whoever else used cards there is found when the day is sent.
                if (missing.Count == 0)
                    return found;
            }
        }

        return found;
    }
}
