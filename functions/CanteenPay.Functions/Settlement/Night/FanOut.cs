using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>Sends a date's merchants to be settled: one message each, so that one that cannot be done keeps nobody from the others.</summary>
internal sealed class FanOut(
    DayIndex index, CarriedMerchants carried, MerchantRegistry merchants, CardDays cards, SettlementQueue queue, PaymentSettings settings, TimeProvider clock, ILogger<FanOut> logger)
{
    /// <summary>
    /// Sends all of a date: who had business, who owes something from before, who has card money. When the date is complete it is noted that all were sent: what is posted from then on
    /// marks its merchant.
    /// </summary>
    /// <param name="day">The date.</param>
    /// <param name="run">Who sends them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    public async Task<int> AllAsync(DateOnly day, string run, CancellationToken cancellationToken)
    {
        var isComplete = clock.GetUtcNow() >= DayHours.CompleteFrom(day, settings.SettlementCutOff);
        await NoteOthersAsync(day, cancellationToken);
        // All are due before the first is sent: otherwise the first would look like the last.
        await foreach (var row in index.ListAsync(day, cancellationToken).Where(row => !row.IsDue || row.Failure is not null))
        {
            if (await index.TryUpdateAsync(row, row with { IsDue = true, Failure = null, FailedAt = null, Tries = 0 }, cancellationToken) is null)
                await index.MarkDueAsync(day, row.Merchant, cancellationToken);
        }

        var sent = await SendAsync(day, index.ListAsync(day, cancellationToken), run, cancellationToken);
        if (isComplete)
            await index.MarkFannedOutAsync(day, cancellationToken);
        return sent;
    }

    /// <summary>Sends those of a date that are due.</summary>
    /// <param name="day">The date.</param>
    /// <param name="run">Who sends them.</param>
    /// <param name="alsoFailed">Also those that were given up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    public Task<int> DueAsync(DateOnly day, string run, bool alsoFailed, CancellationToken cancellationToken) =>
        SendAsync(day, index.ListDueAsync(day, cancellationToken).Where(row => alsoFailed || row.Failure is null), run, cancellationToken);

    private async Task NoteOthersAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var known = await index.ListAsync(day, cancellationToken).Select(row => row.Merchant).ToHashSetAsync(cancellationToken: cancellationToken);
        await foreach (var row in carried.ListAsync(cancellationToken).Where(row => row.Day < day && !known.Contains(row.Merchant)))
        {
            await index.NoteAsync(day, row.Merchant, cancellationToken);
            known.Add(row.Merchant);
        }

        await foreach (var merchant in merchants.ListAsync(cancellationToken).Where(merchant => !known.Contains(merchant.Id)))
        {
            if (await cards.HasAccountsAsync(merchant.Id, cancellationToken))
                await index.NoteAsync(day, merchant.Id, cancellationToken);
        }
    }

    private async Task<int> SendAsync(DateOnly day, IAsyncEnumerable<DayIndexRow> rows, string run, CancellationToken cancellationToken)
    {
        var sent = 0;
        var batch = new List<MerchantId>();
        await foreach (var row in rows)
        {
            batch.Add(row.Merchant);
            sent++;
            if (batch.Count < SettlementQueue.MostAtOnce)
                continue;
            await queue.SettleAsync(day, batch, run, cancellationToken);
            batch.Clear();
        }

        await queue.SettleAsync(day, batch, run, cancellationToken);
        if (sent > 0)
            SettlementLog.FannedOut(logger, day, run, sent);
        return sent;
    }
}
