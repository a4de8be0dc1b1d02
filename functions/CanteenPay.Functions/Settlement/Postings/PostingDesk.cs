using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Postings;

/// <summary>
/// Sees to it that each confirmed payment and refund counts exactly once: on its own settlement date, or, when that was closed without it, on a later one. Called after the
/// confirming write and before the guard is taken away; may be killed after any I/O and called again, also by two at once. Why it is enough: <c>README.md</c>.
/// </summary>
internal sealed class PostingDesk(
    PostingStore postings, DayIndex index, ClosedDays closed, FinalMarkers markers, StatementStore statements, AdjustedDays adjusted, TimeProvider clock,
    ILogger<PostingDesk> logger)
{
    /// <summary>Posts an order's payment.</summary>
    /// <exception cref="DayIsClosingException">Its day is just being closed: the step is to come again.</exception>
    public Task PostAsync(Order order, CancellationToken cancellationToken) =>
        PostAsync(order.Id, order.Id.Value, MoneyEvents.Of(order), order.AdjustedDay, cancellationToken);

    /// <summary>Posts a refund that went back.</summary>
    /// <exception cref="DayIsClosingException">Its day is just being closed: the step is to come again.</exception>
    public Task PostAsync(Order order, Refund refund, CancellationToken cancellationToken) =>
        PostAsync(order.Id, refund.Id.Value, MoneyEvents.Of(order, refund), refund.AdjustedDay, cancellationToken);

    private async Task PostAsync(OrderId order, string row, Posting posting, DateOnly? chosen, CancellationToken cancellationToken)
    {
        // Whoever chose a day had seen that the own day was closed without it, for good.
        if (chosen is null)
        {
            if (await CountAsync(order.Merchant, posting.EventDay, posting, cancellationToken) is not { } open)
                return;
            chosen = await adjusted.MoveAsync(OrderRow.Partition(order), row, from: null, open, cancellationToken);
        }

        var adjustment = posting with { Key = PostingKeys.Adjusted(posting.Key) };
        while (await CountAsync(order.Merchant, chosen.Value, adjustment, cancellationToken) is { } open)
            chosen = await adjusted.MoveAsync(OrderRow.Partition(order), row, from: chosen, open, cancellationToken);
        PostingLog.Adjusted(logger, posting.Key, posting.EventDay, chosen.Value);
    }

    /// <summary>Writes a posting, and sees whether its day counts it. Null when it does; else the day is closed without it, and this is the first one that is not.</summary>
    private async Task<DateOnly?> CountAsync(MerchantId merchant, DateOnly day, Posting posting, CancellationToken cancellationToken)
    {
        await index.NoteAsync(day, merchant, cancellationToken);
        var stored = await postings.InsertAsync(new(merchant, day, posting with { IsBelated = IsBelated(day) }), cancellationToken);
        // In time: it is there an hour before anybody could close the day, and the night has not begun.
        if (!IsBelated(day))
            return null;

        var state = await closed.ReadAsync(cancellationToken);
        if (!state.Holds(day))
        {
            await index.MarkDueAsync(day, merchant, cancellationToken);
            return null;
        }

        var marker = await markers.FindAsync(day, merchant, cancellationToken);
        if (marker is null && state.IsFinal(day))
            marker = await CloseWithoutAsync(day, merchant, cancellationToken);
        if (marker is null)
            throw new DayIsClosingException($"{day:yyyy-MM-dd} is being closed, and whether it holds {posting.Key} of {merchant} is not decided yet: it is asked again.");
        return marker.Holds(stored) ? null : state.Through!.Value.AddDays(1);
    }

    /// <summary>The day was closed when the merchant had no business there: it gets none any more. Null when a statement is just being made of it.</summary>
    private async Task<FinalMarker?> CloseWithoutAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken)
    {
        var nothing = new FinalMarker(day, merchant, Revision: 0, BelatedKeys: []);
        return await statements.TryCloseAsync(nothing, latest: null, cancellationToken) ? nothing : await markers.FindAsync(day, merchant, cancellationToken);
    }

    private bool IsBelated(DateOnly day) => clock.GetUtcNow() >= DayHours.BelatedFrom(day);
}

/// <summary>A day is just being closed, and nobody can say yet what it holds.</summary>
internal sealed class DayIsClosingException(string message) : Exception(message);
