using CanteenPay.Channels;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Bank;

/// <summary>The way to the bank: what is asked takes its time, happens or not, and is answered or not, whatever became of who asked.</summary>
internal sealed class BankChannel(Book book, Agenda agenda, Life world, Weather weather, Sabotage sabotage, Trace? trace) : IPaymentChannel
{
    /// <summary>The adapter gives up then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Doubt Silence = new(DoubtKind.TimedOut, "time-out", "no answer");

    private DateTimeOffset downUntil;

    /// <inheritdoc/>
    public string Name => "swiftpass";

    /// <summary>Nobody is answered for a while, and nothing happens.</summary>
    public void GoDown(TimeSpan time)
    {
        trace?.Say("bank", $"is down for {time.TotalSeconds:F0} s");
        downUntil = agenda.Now + time;
    }

    /// <inheritdoc/>
    public Task<CreateOutcome> CreateQrOrderAsync(ChannelAccount account, CreateQrOrder request, CancellationToken cancellationToken) => CallAsync(
        $"create {request.OrderNo}",
        () => Create(account, request),
        new CreateOutcome.Unknown(Silence));

    /// <inheritdoc/>
    public Task<PaymentOutcome> QueryAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken) => CallAsync(
        $"query {orderNo}",
        () => book.Query(orderNo) is PaymentOutcome.Paid paid ? paid with { Facts = Word(paid.Facts) } : book.Query(orderNo),
        new PaymentOutcome.Unknown(Silence));

    /// <inheritdoc/>
    public Task<CloseOutcome> CloseAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken) => CallAsync(
        $"close {orderNo}",
        () => book.Close(orderNo, lastSecond: weather.Dice.Strikes(0.5)),
        new CloseOutcome.Unknown(Silence));

    /// <inheritdoc/>
    public Task<RefundOutcome> RefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken) =>
        CallAsync($"refund {request.RefundNo}", () => Refund(request), new RefundOutcome.Unknown(Silence));

    /// <inheritdoc/>
    public Task<RefundOutcome> QueryRefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken) =>
        CallAsync($"query refund {request.RefundNo}", () => book.QueryRefund(request), new RefundOutcome.Unknown(Silence));

    /// <inheritdoc/>
    public NotificationOutcome ReadNotification(ChannelAccount account, ReadOnlyMemory<byte> body) =>
        throw new NotSupportedException("Notifications are handed over as they were read.");

    /// <inheritdoc/>
    public string NotificationReply(bool accepted) => accepted ? "success" : "fail";

    /// <summary>What the bank says of a payment: the truth, or now and then another amount.</summary>
    public PaymentFacts Word(PaymentFacts facts)
    {
        if (!weather.Dice.Strikes(weather.Plan.BankLies))
            return facts;
        trace?.Say("bank", $"names another amount for {facts.OrderNo}");
        return facts with { AmountFen = facts.AmountFen + 1 };
    }

    private RefundOutcome Refund(RefundRequest request)
    {
        var (dice, plan) = (weather.Dice, weather.Plan);
        var fails = dice.Strikes(plan.RefundFails);
        // Each attempt is refused or taken by itself: the next one, or one that came to it sooner and was slower, may be taken.
        if (fails && dice.Strikes(0.5) && book.Find(request.OrderNo)?.Refunds.ContainsKey(request.RefundNo) != true)
            return new RefundOutcome.Refused("NOTENOUGH", "余额不足");

        if (sabotage == Sabotage.RefundGivenTwice)
            book.Refund(request with { RefundNo = $"{request.RefundNo}B" }, TimeSpan.Zero, fails: false);
        return book.Refund(request, dice.Strikes(plan.RefundSlow) ? dice.Between(10, 240) : dice.Between(0, 4), fails);
    }

    private CreateOutcome Create(ChannelAccount account, CreateQrOrder request)
    {
        if (book.Find(request.OrderNo) is null && weather.Dice.Strikes(weather.Plan.BankRefuses))
            return new CreateOutcome.Refused("REFUSED", "商户未开通");
        var outcome = book.Create(account.MerchantId, request);
        if (outcome is CreateOutcome.Created && weather.Dice.Strikes(weather.Plan.PaidBeforeCreated))
            book.Take(book.Find(request.OrderNo)!);
        return outcome;
    }

    private Task<T> CallAsync<T>(string what, Func<T> happen, T silence)
    {
        var (dice, plan) = (weather.Dice, weather.Plan);
        var answer = new TaskCompletionSource<T>();
        var caller = agenda.Acting!;
        var slow = dice.Strikes(plan.BankSlow);
        var there = slow ? dice.Between(0.1, 7) : dice.Between(0.005, 0.08);
        var back = slow ? dice.Between(0.1, 7) : dice.Between(0.005, 0.08);
        var error = dice.Strikes(plan.BankError) ? dice.OneOf("refused", "answer lost", "never answered") : null;
        agenda.After(there, world, () =>
        {
            if (agenda.Now < downUntil || error == "refused")
            {
                trace?.Say("bank", $"{what}: {(error ?? "is down")}");
                agenda.After(back, caller, () => answer.TrySetResult(silence));
                return;
            }

            var outcome = happen();
            trace?.Say("bank", $"{what}: {outcome!.GetType().Name}{(error is null ? "" : $", {error}")}");
            if (error != "never answered")
                agenda.After(back, caller, () => answer.TrySetResult(error is null ? outcome : silence));
        });
        agenda.After(Patience, caller, () => answer.TrySetResult(silence));
        return answer.Task;
    }
}
