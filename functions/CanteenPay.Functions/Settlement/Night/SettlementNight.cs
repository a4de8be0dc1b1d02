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
    /// <summary>Who sends a date the first time.</summary>
    public const string FirstRun = "night";

    /// <inheritdoc/>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = BusinessDay.Of(now);
        await NoteCardsAsync(today.AddDays(-1), cancellationToken);
        var through = await closed.ReadAsync(cancellationToken);
        var apart = new OneByOne();
        await foreach (var day in index.ListDaysAsync(through.Through, cancellationToken).Where(day => now >= DayHours.CompleteFrom(day.Day, settings.SettlementCutOff)))
        {
            await apart.TryAsync(
                () => day.IsFannedOut
                    ? fanOut.DueAsync(day.Day, $"{FirstRun}-{BusinessDay.Key(today)}", alsoFailed: true, cancellationToken)
                    : fanOut.AllAsync(day.Day, FirstRun, cancellationToken),
                cancellationToken);
        }

        apart.End("days could not be sent to be settled");
    }

    /// <summary>A day on which nobody paid by a channel is one all the same when cards were used.</summary>
    private async Task NoteCardsAsync(DateOnly day, CancellationToken cancellationToken)
    {
        if (await index.FindDayAsync(day, cancellationToken) is not null || (await closed.ReadAsync(cancellationToken)).Holds(day))
            return;
        await foreach (var merchant in merchants.ListAsync(cancellationToken))
        {
            if (!await cards.HasLinesAsync(merchant.Id, day, cancellationToken))
                continue;
            await index.NoteAsync(day, merchant.Id, cancellationToken);
            return;
        }
    }
}
