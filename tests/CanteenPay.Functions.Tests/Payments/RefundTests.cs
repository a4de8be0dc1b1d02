using CanteenPay.Channels;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>Money that goes back on somebody's wish.</summary>
public sealed class RefundTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_partial_refund_leaves_the_order_partly_refunded_with_its_part_of_the_fee()
    {
        var order = await PaidAsync(121400);

        var (refund, refusal) = await _world.RefundAsync(order, 79800);
        refusal.ShouldBeNull();
        refund!.State.ShouldBe(RefundState.Accepted, "the bank took note; whether the money went back the query tells");
        await _world.PassAsync(TimeSpan.FromSeconds(30));

        var after = await _world.OrderAsync(order);
        (after.State, after.Refunded, after.FeeReturned).ShouldBe((OrderState.PartlyRefunded, new Fen(79800), new Fen(479)));
        var stored = (await _world.RefundsAsync(order)).ShouldHaveSingleItem();
        stored.Fee.ShouldBe(new FeeSnapshot(new Fen(728), Fen.Zero, Fen.Zero, new Fen(479), new(Fen.Zero, Fen.Zero, Fen.Zero)));
        stored.SettlementDate.ShouldBe(new DateOnly(2026, 11, 22));
        _world.Results[^1].RefundedSoFar.ShouldBe(new Fen(79800));
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_key_is_the_same_refund_and_with_another_amount_a_mistake()
    {
        var order = await PaidAsync();
        await _world.RefundAsync(order, 500, "a");

        (await _world.RefundAsync(order, 500, "a")).Refund!.Id.ShouldBe(new RefundId(order, 1));
        (await _world.RefundAsync(order, 501, "a")).Refusal.ShouldBe(RefusalCode.RefundKeyReused);
        _world.Bank.RefundedFen(order).ShouldBe(500);
    }

    [Fact]
    public async Task Refunds_that_race_never_give_back_more_than_was_paid()
    {
        var order = await PaidAsync();
        var raced = false;
        (Refund?, string?) second = default;
        // Between reading the order and writing the first refund, another asks for as much.
        _world.Tables.BeforeOperation = async operation =>
        {
            if (raced || !operation.StartsWith("Orders.Transaction", StringComparison.Ordinal))
                return;
            raced = true;
            second = await _world.RefundAsync(order, 800, "b");
        };

        var first = await _world.RefundAsync(order, 800, "a");
        await _world.PassAsync(TimeSpan.FromMinutes(1));

        raced.ShouldBeTrue();
        second.Item2.ShouldBeNull();
        first.Refusal.ShouldBe(RefusalCode.RefundTooMuch);
        _world.Bank.RefundedFen(order).ShouldBe(800);
        (await _world.OrderAsync(order)).Refunded.ShouldBe(new Fen(800));
        (await _world.GuardsAsync()).ShouldBeEmpty("the loser's guard is not left behind");
    }

    [Fact]
    public async Task A_refund_whose_every_answer_is_lost_goes_back_once()
    {
        var order = await PaidAsync();
        _world.Bank.AnswersAreLost = true;
        await _world.RefundAsync(order, 1250);
        await _world.PassAsync(TimeSpan.FromMinutes(10));
        (await _world.OrderAsync(order)).RefundPending.ShouldBe(new Fen(1250), "reserved until the bank speaks");

        _world.Bank.AnswersAreLost = false;
        await _world.PassAsync(TimeSpan.FromMinutes(11));

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
        (_world.Bank.RefundedFen(order), _world.Bank.RefundCount(order)).ShouldBe((1250, 1));
    }

    [Fact]
    public async Task A_refusal_of_a_repeated_refund_is_not_believed_while_the_bank_holds_the_first()
    {
        var order = await PaidAsync();
        _world.Bank.AnswersAreLost = true;
        await _world.RefundAsync(order, 1250);
        _world.Bank.AnswersAreLost = false;
        _world.Bank.RefundRefusal = new RefundOutcome.Refused("INVALID_REQUEST", "退款单号重复");

        await _world.PassAsync(TimeSpan.FromMinutes(1));

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
    }

    [Fact]
    public async Task A_refusal_while_another_attempt_is_on_its_way_does_not_end_the_refund_that_the_bank_takes()
    {
        var order = await PaidAsync();
        // The first attempt is slow; the step after it is refused, and the bank does not know the refund yet. Then the first one arrives.
        var refusal = new RefundOutcome.Refused("NOTENOUGH", "余额不足");
        _world.Bank.RefundRefusal = refusal;
        await _world.RefundAsync(order, 1250);
        (await _world.RefundsAsync(order))[0].State.ShouldBe(RefundState.Refusing);
        _world.Bank.RefundRefusal = null;
        _world.Bank.TakeRefund(order, new RefundId(order, 1).ChannelNo, 1250);
        _world.Bank.RefundRefusal = refusal;

        await _world.PassAsync(TimeSpan.FromMinutes(1));

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
        _world.Bank.RefundedFen(order).ShouldBe(1250);
        (await _world.ParkedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_is_believed_when_the_bank_still_knows_nothing_after_every_attempt_has_ended()
    {
        var order = await PaidAsync();
        _world.Bank.RefundRefusal = new RefundOutcome.Refused("NOTENOUGH", "余额不足");
        await _world.RefundAsync(order, 1250);
        await _world.PassAsync(TimeSpan.FromSeconds(14));
        (await _world.OrderAsync(order)).RefundPending.ShouldBe(new Fen(1250));

        await _world.PassAsync(TimeSpan.FromSeconds(20));

        (await _world.RefundsAsync(order))[0].State.ShouldBe(RefundState.Refused);
        (await _world.OrderAsync(order)).RefundPending.ShouldBe(Fen.Zero);
        _world.Bank.Calls.Count(call => call == "refund").ShouldBe(1, "no attempt is made after a refusal");
    }

    [Fact]
    public async Task An_attempt_that_is_taken_after_its_refund_was_given_up_reopens_it()
    {
        var order = await PaidAsync();
        _world.Bank.RefundRefusal = new RefundOutcome.Refused("NOTENOUGH", "余额不足");
        // While the bank is slow with the first attempt, the steps meet refusals and silence until the refund is given up; only then it takes the attempt.
        var slow = true;
        _world.Bank.BeforeRefund = async () =>
        {
            if (!slow)
                return;
            slow = false;
            await _world.StepAsync(new PaymentStep(order, PaymentStepKind.Poll, 0, Refund: 1));
            await _world.PassAsync(TimeSpan.FromMinutes(1));
            (await _world.RefundsAsync(order))[0].State.ShouldBe(RefundState.Refused);
            _world.Bank.RefundRefusal = null;
        };

        await _world.RefundAsync(order, 1250);
        await _world.PassAsync(TimeSpan.FromMinutes(6));

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refund_that_fails_at_the_bank_frees_its_amount_and_is_kept_for_a_person()
    {
        var order = await PaidAsync();
        _world.Bank.RefundsFail = true;
        await _world.RefundAsync(order, 1250, "a");
        await _world.PassAsync(TimeSpan.FromMinutes(1));
        var after = await _world.OrderAsync(order);
        (after.State, after.RefundPending).ShouldBe((OrderState.Paid, Fen.Zero));
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Source.ShouldBe("refunds");

        _world.Bank.RefundsFail = false;
        (await _world.RefundAsync(order, 1250, "b")).Refund!.Id.Number.ShouldBe(2);
        await _world.PassAsync(TimeSpan.FromMinutes(1));
        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
    }

    [Fact]
    public async Task A_refund_without_an_end_for_an_hour_is_shown_to_a_person_and_asked_about_until_it_ends()
    {
        var order = await PaidAsync();
        _world.Bank.RefundTakes = TimeSpan.FromHours(30);
        await _world.RefundAsync(order, 1250);

        for (var minutes = 0; minutes < 31 * 60; minutes += 5)
        {
            await _world.SweepAsync();
            await _world.PassAsync(TimeSpan.FromMinutes(5));
        }

        (await _world.ParkedAsync()).Select(item => item.ItemId).Distinct().ShouldHaveSingleItem().ShouldEndWith("Accepted");
        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refund_whose_scheduled_step_was_lost_is_revived_by_the_sweep()
    {
        var order = await PaidAsync();
        await _world.RefundAsync(order, 1250);
        while (_world.ServiceBus.NextDue(PaymentStepQueue.Queue) is { } due)
        {
            _world.Clock.MoveTo(due);
            _world.ServiceBus.TakeDue(PaymentStepQueue.Queue).ShouldNotBeNull();
        }

        await _world.PassAsync(TimeSpan.FromMinutes(4));
        await _world.SweepAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(6));

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
    }

    [Fact]
    public async Task An_unacknowledged_refund_is_announced_again_although_the_payment_was_acknowledged()
    {
        var order = await PaidAsync();
        await _world.DeviceSaysAsync(new PayResultAck { OrderId = order, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon });
        await _world.RefundAsync(order, 1250);
        await _world.PassAsync(TimeSpan.FromMinutes(5));

        _world.Results.Count(result => result.Outcome == PayOutcome.Refunded).ShouldBe(5);
    }

    [Fact]
    public async Task A_day_list_shows_orders_with_what_went_back_and_no_refund_as_an_order()
    {
        var order = await PaidAsync();
        await _world.RefundAsync(order, 250);
        await _world.PassAsync(TimeSpan.FromMinutes(1));

        var listed = await _world.Orders.ListAsync(World.Merchant, new DateOnly(2026, 11, 22), CancellationToken.None).ToListAsync();
        listed.ShouldHaveSingleItem().Order.Refunded.ShouldBe(new Fen(250));
    }

    private async Task<OrderId> PaidAsync(long fen = 1250)
    {
        var request = World.Request(fen);
        await _world.DeviceSaysAsync(request);
        _world.Bank.Pay(request.OrderId);
        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        return request.OrderId;
    }
}
