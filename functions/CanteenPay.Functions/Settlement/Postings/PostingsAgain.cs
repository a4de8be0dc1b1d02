using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Postings;

/// <summary>
/// Writes postings again that were there and are lost, from orders and refunds whose last steps were taken long ago. <see cref="PostingDesk"/> alone would take what it does not find for
/// money that came too late, and where a day is closed it would count it a second time, on a later one.
/// </summary>
internal sealed class PostingsAgain(PostingStore postings, PostingDesk desk, DayIndex index, FinalMarkers markers)
{
    /// <summary>Writes what is missing of an order's payment; so many rows.</summary>
    public Task<int> WriteAsync(Order order, CancellationToken cancellationToken) =>
        WriteAsync(order.Merchant, MoneyEvents.Of(order), order.AdjustedDay, () => desk.PostAsync(order, cancellationToken), cancellationToken);

    /// <summary>Writes what is missing of a refund that went back; so many rows.</summary>
    public Task<int> WriteAsync(Order order, Refund refund, CancellationToken cancellationToken) =>
        WriteAsync(order.Merchant, MoneyEvents.Of(order, refund), refund.AdjustedDay, () => desk.PostAsync(order, refund, cancellationToken), cancellationToken);

    private async Task<int> WriteAsync(MerchantId merchant, Posting posting, DateOnly? adjustedDay, Func<Task> postAsync, CancellationToken cancellationToken)
    {
        // Where it was adjusted, its own day was closed without it: there it counts for nobody, and is not missed.
        var (day, counted) = adjustedDay is { } chosen ? (chosen, posting with { Key = PostingKeys.Adjusted(posting.Key) }) : (posting.EventDay, posting);
        if (await postings.FindAsync(merchant, day, counted.Key, cancellationToken) is not null)
        {
            await index.NoteAsync(day, merchant, cancellationToken);
            return 0;
        }

        if (await markers.FindAsync(day, merchant, cancellationToken) is { Revision: > 0 } marker)
        {
            // The day's last statement holds it: as one that came in time, unless the marker names it.
            await index.NoteAsync(day, merchant, cancellationToken);
            return await postings.TryInsertAsync(new(merchant, day, counted with { IsBelated = marker.BelatedKeys.Contains(counted.Key) }), cancellationToken) ? 1 : 0;
        }

        await postAsync();
        return 1;
    }
}
