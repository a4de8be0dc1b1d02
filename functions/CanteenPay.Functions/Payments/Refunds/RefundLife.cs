using CanteenPay.Channels;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Refunds;

/// <summary>
/// Takes a refund from the wish to the channel's definite word. The guard, then one transaction of refund and order, then the channel; every step may be killed
/// after any I/O and taken again, since the refund's number at the channel never changes.
/// </summary>
internal sealed class RefundLife(
    OrderStore orders, RefundStore store, OpenOrderStore open, ChannelAccounts accounts, PostingDesk postings, PaymentStepQueue steps,
    Announcements announcements, ParkedStore parked, PaymentSettings settings, TimeProvider clock, ILogger<RefundLife> logger)
{
    private const int MaxConflicts = 10;

    /// <summary>Makes a refund, or finds the one that this wish made before, and asks the channel for it.</summary>
    /// <returns>The refund, or why there is none (a <see cref="RefusalCode"/>), and whether it was made now.</returns>
    /// <exception cref="InvalidOperationException">Others kept writing the order: the wish comes again.</exception>
    public async Task<(RefundRow? Refund, string? Refusal, bool IsNew)> RequestAsync(OrderRow order, RefundWish wish, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            if (await FindAsync(order.Order, wish, cancellationToken) is { } before)
                return before.Refund.Amount == wish.Amount ? (await GoOnAsync(before, cancellationToken), null, false) : (null, RefusalCode.RefundKeyReused, false);
            var now = clock.GetUtcNow();
            if (RefundRules.Refusal(order.Order, wish.Amount, wish.Origin, now) is { } refusal)
                return (null, refusal, false);

            var refund = New(order.Order, wish, now);
            if (await store.TryInsertAsync(order, RefundRules.Begin(order.Order, wish.Amount), refund, cancellationToken) is { } written)
            {
                PaymentLog.RefundRequested(logger, refund.Id.Value, refund.Amount.ToString(), refund.Origin, refund.Reason);
                return (await AskFirstAsync(written.Refund, cancellationToken), null, true);
            }

            order = await OrderOfAsync(refund.Id, cancellationToken);
        }

        throw new InvalidOperationException($"Order {order.Order.Id} was written by others {MaxConflicts} times in a row.");
    }

    /// <summary>The refund that this wish made before; null when it made none.</summary>
    public async Task<RefundRow?> FindAsync(Order order, RefundWish wish, CancellationToken cancellationToken) => order.RefundCount == 0
        ? null
        : await store.ListAsync(order.Id, cancellationToken)
            .FirstOrDefaultAsync(row => row.Refund.Origin == wish.Origin && row.Refund.Key == wish.Key, cancellationToken);

    /// <summary>Asks the channel once how the refund stands, or for it; the refund as it stands then.</summary>
    public async Task<RefundRow> StepAsync(RefundRow row, CancellationToken cancellationToken)
    {
        var order = await OrderOfAsync(row.Refund.Id, cancellationToken);
        var (channel, account) = accounts.For(order.Order);
        var request = new RefundRequest
        {
            OrderNo = order.Order.Id.Value,
            RefundNo = row.Refund.Id.ChannelNo,
            TotalFen = order.Order.Amount.Value,
            RefundFen = row.Refund.Amount.Value,
        };
        var asked = row.Refund.State == RefundState.Requested ? await channel.RefundAsync(account, request, cancellationToken) : null;
        // Only the query is believed when a refund is refused or doubtful: the first attempt may have gone through although its answer was lost.
        var answer = asked is RefundOutcome.Waiting or RefundOutcome.Refunded ? asked : await channel.QueryRefundAsync(account, request, cancellationToken);
        if (answer is RefundOutcome.NotFound && row.Refund.State == RefundState.Accepted)
            answer = await channel.RefundAsync(account, request, cancellationToken) is RefundOutcome.Waiting again ? again : answer;
        if (answer is RefundOutcome.Unknown { Doubt: var doubt })
            PaymentLog.ChannelDoubt(logger, row.Refund.Id.Value, "refund", doubt.Kind, doubt.Code, doubt.Message);
        return await ApplyAsync(order, row, ChannelWords.Of(asked, answer, request), cancellationToken);
    }

    /// <summary>The last steps of a refund that has its end: it is posted, the machine is told, what was refused is kept for a person, and the guard taken away.</summary>
    public async Task FinishAsync(Refund refund, CancellationToken cancellationToken)
    {
        var order = (await OrderOfAsync(refund.Id, cancellationToken)).Order;
        if (refund.State == RefundState.Refused)
            await parked.KeepAsync(PaymentParking.Of(order, refund, clock.GetUtcNow()), cancellationToken);
        else
            await postings.PostAsync(order, refund, cancellationToken);
        await announcements.TellAsync(order, refund, mayBeSpoken: true, cancellationToken);
        await announcements.TellAsync(order, mayBeSpoken: false, cancellationToken);
        if (order.AwaitsAcknowledgement)
            await steps.ScheduleAsync(PaymentStep.AnnounceAfter(refund.Id), clock.GetUtcNow() + PaymentPoll.FirstAnnouncementAgain, cancellationToken);
        await open.DeleteAsync(refund.OpenKey, cancellationToken);
    }

    /// <summary>Sees to it that a refund that was met again goes on: it is polled, or its last steps are taken.</summary>
    private async Task<RefundRow> GoOnAsync(RefundRow row, CancellationToken cancellationToken)
    {
        if (row.Refund.IsOpen)
            await ScheduleAsync(row.Refund, PaymentStepQueue.NoneTaken, cancellationToken);
        else if (await open.IsThereAsync(row.Refund.OpenKey, cancellationToken))
            await FinishAsync(row.Refund, cancellationToken);
        return row;
    }

    private async Task<RefundRow> AskFirstAsync(RefundRow row, CancellationToken cancellationToken)
    {
        // Before the channel is asked: whatever becomes of this process, somebody asks again.
        await ScheduleAsync(row.Refund, PaymentStepQueue.NoneTaken, cancellationToken);
        return await StepAsync(row, cancellationToken);
    }

    private Task ScheduleAsync(Refund refund, int taken, CancellationToken cancellationToken) =>
        steps.ScheduleNextAsync(refund, clock.GetUtcNow(), taken, cancellationToken);

    private async Task<RefundRow> ApplyAsync(OrderRow order, RefundRow row, RefundEvent? happened, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; happened is not null && conflicts < MaxConflicts; conflicts++)
        {
            var (nextOrder, next) = RefundRules.Apply(order.Order, row.Refund, happened, settings.SettlementCutOff, clock.GetUtcNow());
            if (next == row.Refund)
                return row;
            // A refund that had ended and was taken after all is guarded again before anything else.
            if (!row.Refund.IsOpen)
                next = next with { OpenKey = await open.GuardAgainAsync(OpenOrderRow.Again(next, clock.GetUtcNow()), cancellationToken) };
            if (await store.TryUpdateAsync(order, nextOrder, row, next, cancellationToken) is { } written)
            {
                PaymentLog.RefundChanged(logger, next.Id.Value, row.Refund.State, next.State, next.Amount.ToString(), next.RefusalMessage);
                if (!next.IsOpen)
                    await FinishAsync(next, cancellationToken);
                else if (!row.Refund.IsOpen)
                    await ScheduleAsync(next, PaymentStepQueue.NoneTaken, cancellationToken);
                return written.Refund;
            }

            order = await OrderOfAsync(row.Refund.Id, cancellationToken);
            row = await store.FindAsync(row.Refund.Id, cancellationToken) ?? throw new InvalidOperationException($"Refund {row.Refund.Id} is gone.");
        }

        return happened is null ? row : throw new InvalidOperationException($"Refund {row.Refund.Id} was written by others {MaxConflicts} times in a row.");
    }

    private async Task<OrderRow> OrderOfAsync(RefundId refund, CancellationToken cancellationToken) =>
        await orders.FindAsync(refund.Order, cancellationToken) ?? throw new InvalidOperationException($"Order {refund.Order} is gone: orders are never deleted.");

    private static Refund New(Order order, RefundWish wish, DateTimeOffset now)
    {
        var id = new RefundId(order.Id, order.RefundCount + 1);
        return new()
        {
            Id = id,
            State = RefundState.Requested,
            Amount = wish.Amount,
            Origin = wish.Origin,
            Key = wish.Key,
            Reason = wish.Reason,
            CreatedAt = now,
            OpenKey = OpenOrderRow.For(id, now).Key,
        };
    }
}

/// <summary>A wish to give money back.</summary>
/// <param name="Origin">Who wishes.</param>
/// <param name="Key">The same key of the same origin is the same refund.</param>
/// <param name="Amount">How much.</param>
/// <param name="Reason">Why.</param>
internal sealed record RefundWish(RefundOrigin Origin, string Key, Fen Amount, string? Reason)
{
    /// <summary>All of the money that came after its order had ended.</summary>
    public static RefundWish LateMoney(Order order) => new(RefundOrigin.LateMoney, "late", order.Amount, "迟到付款自动退款 late payment");
}
