using CanteenPay.Channels;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Telemetry;

namespace CanteenPay.Functions.Payments;

/// <summary>
/// Takes an order from one state to the next: rule, conditional write (the first writer wins, the others apply their event to what it wrote), then what the
/// new state asks for. Every step may be killed after any I/O and taken again.
/// </summary>
internal sealed class OrderLife(
    OrderStore store, OpenOrderStore open, RefundLife refunds, MerchantRegistry merchants, ChannelAccounts accounts, PostingDesk postings,
    Announcements announcements, ParkedStore parked, PaymentSettings settings, TimeProvider clock, ILogger<OrderLife> logger)
{
    private const int MaxConflicts = 10;

    /// <summary>A create is answered, or given up after its time-out of 5 s, before an order has this age.</summary>
    private static readonly TimeSpan LongestCreate = TimeSpan.FromSeconds(6);

    /// <summary>Lets an event happen to an order; the order as it stands then.</summary>
    /// <exception cref="InvalidOperationException">Others kept writing the order: the message comes again.</exception>
    public async Task<OrderRow> ApplyAsync(OrderRow row, OrderEvent? happened, CancellationToken cancellationToken)
    {
        if (happened is null)
            return row;
        var rates = await RatesAsync(row.Order, happened, cancellationToken);
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            if (happened is OrderEvent.PaymentConfirmed { Confirmed: var confirmed } && OrderRules.Doubt(row.Order, confirmed) is { } doubt)
                await parked.KeepAsync(PaymentParking.Of(row.Order, doubt, confirmed, clock.GetUtcNow()), cancellationToken);
            var next = OrderRules.Apply(row.Order, happened, settings.SettlementCutOff, rates);
            if (next == row.Order)
                return row;
            // An order that ended or was given up has no guard any more; to be paid after all it needs one again until its last steps are taken.
            if (next.Payment is not null && row.Order is { Payment: null, NeedsStep: false, IsTombstone: false })
                next = next with { OpenKey = await open.GuardAgainAsync(OpenOrderRow.Again(row.Order, clock.GetUtcNow()), cancellationToken) };
            if (await store.TryUpdateAsync(row, next, cancellationToken) is { } written)
            {
                PaymentLog.OrderChanged(logger, next.Id.Value, row.Order.State, next.State, next.Amount.ToString(), next.Payment?.Wallet, next.Review);
                await FollowAsync(row.Order, written, cancellationToken);
                return written;
            }

            row = await store.FindAsync(row.Order.Id, cancellationToken)
                ?? throw new InvalidOperationException($"Order {row.Order.Id} is gone: orders are never deleted.");
        }

        throw new InvalidOperationException($"Order {row.Order.Id} was written by others {MaxConflicts} times in a row.");
    }

    /// <summary>Asks the channel for the order's QR. Safe to repeat: an order number is used once there.</summary>
    public async Task<OrderRow> AskForQrAsync(OrderRow row, string merchantName, CancellationToken cancellationToken)
    {
        var order = row.Order;
        var (channel, account) = accounts.For(order);
        var outcome = await channel.CreateQrOrderAsync(account, new CreateQrOrder
        {
            OrderNo = order.Id.Value,
            AmountFen = order.Amount.Value,
            Body = merchantName,
            NotifyUrl = settings.NotifyUrl(order.Channel, order.Merchant),
            ClientIp = settings.ClientIp,
            StartedAt = order.CreatedAt,
            ExpiresAt = order.ExpiresAt,
            DeviceInfo = order.Device.Value,
        }, cancellationToken);
        if (outcome is CreateOutcome.Unknown { Doubt: var doubt })
            PaymentLog.ChannelDoubt(logger, order.Id.Value, "create", doubt.Kind, doubt.Code, doubt.Message);
        if (outcome is not CreateOutcome.DuplicateOrderNumber)
            return await ApplyAsync(row, ChannelWords.Of(outcome), cancellationToken);

        // Another attempt went through. Its QR is lost unless that attempt is still under way (the machine asks again each second or two);
        // the order may even be paid by now.
        row = await QueryAsync(row, cancellationToken);
        var stillUnderWay = clock.GetUtcNow() - order.CreatedAt < LongestCreate;
        return stillUnderWay ? row : await ApplyAsync(row, new OrderEvent.QrLost(), cancellationToken);
    }

    /// <summary>Asks the channel whether the order was paid.</summary>
    public async Task<OrderRow> QueryAsync(OrderRow row, CancellationToken cancellationToken)
    {
        var (channel, account) = accounts.For(row.Order);
        var outcome = await channel.QueryAsync(account, row.Order.Id.Value, cancellationToken);
        if (outcome is PaymentOutcome.Unknown { Doubt: var doubt })
            PaymentLog.ChannelDoubt(logger, row.Order.Id.Value, "query", doubt.Kind, doubt.Code, doubt.Message);
        return await ApplyAsync(row, ChannelWords.Of(outcome), cancellationToken);
    }

    /// <summary>Asks the channel to close the order.</summary>
    public async Task<OrderRow> CloseAsync(OrderRow row, CancellationToken cancellationToken)
    {
        var (channel, account) = accounts.For(row.Order);
        var outcome = await channel.CloseAsync(account, row.Order.Id.Value, cancellationToken);
        if (outcome is CloseOutcome.Unknown { Doubt: var doubt })
            PaymentLog.ChannelDoubt(logger, row.Order.Id.Value, "close", doubt.Kind, doubt.Code, doubt.Message);
        // Whatever it says but "closed", the order may be paid: the query tells, and whatever error a bank words in its own way does not.
        if (outcome is not CloseOutcome.Closed)
            row = await QueryAsync(row, cancellationToken);
        return await ApplyAsync(row, ChannelWords.Of(outcome, row.Order, clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>
    /// The last steps of an order that needs no more polls: its payment posted, announced, late money sent on its way back, and its guard taken away. Until the guard is gone, whoever
    /// meets the order does this again.
    /// </summary>
    public async Task FinishAsync(OrderRow row, CancellationToken cancellationToken)
    {
        var order = row.Order;
        if (order is { Review: ReviewReason.ChannelSilent, State: OrderState.Closing })
            await parked.KeepAsync(PaymentParking.Of(order, clock.GetUtcNow()), cancellationToken);
        if (order.Payment is not null)
        {
            using var span = Spans.Start("book payment");
            await postings.PostAsync(order, cancellationToken);
        }

        await announcements.TellAsync(order, mayBeSpoken: true, cancellationToken);
        if (order.OwesAutomaticRefund)
            await refunds.RequestAsync(row, RefundWish.LateMoney(order), cancellationToken);
        if (order.OpenKey is { } guard)
            await open.DeleteAsync(guard, cancellationToken);
    }

    /// <summary>The rates that a confirmed payment takes its own from; nothing else needs them.</summary>
    private async Task<RateCalendar> RatesAsync(Order order, OrderEvent happened, CancellationToken cancellationToken)
    {
        if (happened is not OrderEvent.PaymentConfirmed)
            return RateCalendar.Empty;
        var merchant = await merchants.FindAsync(order.Merchant, cancellationToken);
        return merchant?.Rates ?? throw new InvalidOperationException($"Merchant {order.Merchant} of order {order.Id} is gone: merchants are never deleted.");
    }

    private async Task FollowAsync(Order before, OrderRow after, CancellationToken cancellationToken)
    {
        if (!after.Order.NeedsStep && (before.NeedsStep || before.State != after.Order.State))
            await FinishAsync(after, cancellationToken);
        else if (before.State != after.Order.State)
            await announcements.TellAsync(after.Order, mayBeSpoken: true, cancellationToken);
    }
}
