using CanteenPay.Channels;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>The sentences of the design's <i>Cloud pay</i>, over the real functions.</summary>
public sealed class CloudPayTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_request_is_guarded_stored_and_answered_with_the_channels_QR()
    {
        var request = World.Request();

        await _world.DeviceSaysAsync(request);

        var qr = _world.Told().ShouldHaveSingleItem().ShouldBeOfType<PayQr>();
        qr.OrderId.ShouldBe(request.OrderId);
        qr.Amount.ShouldBe(request.Amount);
        qr.ExpiresInS.ShouldBe(120);
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.AwaitingPayment);
        (await _world.GuardsAsync()).ShouldHaveSingleItem().Order.ShouldBe(request.OrderId);
        _world.ServiceBus.NextDue(PaymentStepQueue.Queue).ShouldBe(World.Noon.AddSeconds(2));
    }

    [Fact]
    public async Task A_poll_finds_the_payment_and_the_machine_is_told_to_say_it()
    {
        var request = await ShowQrAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(5));
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromSeconds(2));

        var result = _world.Results.ShouldHaveSingleItem();
        result.Outcome.ShouldBe(PayOutcome.Paid);
        result.Say.ShouldBe("支付宝收款十二点五元");
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_poll_that_is_delivered_before_its_time_does_not_end_the_chain()
    {
        var request = await ShowQrAsync();
        _world.Clock.MoveTo(World.Noon.AddSeconds(1.2));

        await _world.StepAsync(new PaymentStep(request.OrderId, PaymentStepKind.Poll, 0));

        _world.ServiceBus.Waiting(PaymentStepQueue.Queue).Select(message => message.MessageId).ShouldContain($"{request.OrderId}-1-0");
    }

    [Fact]
    public async Task A_notification_settles_the_order_before_the_poll_and_the_poll_changes_nothing()
    {
        var request = await ShowQrAsync();
        _world.Bank.Pay(request.OrderId);

        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        await AcknowledgeAsync(request.OrderId);
        await _world.PassAsync(TimeSpan.FromMinutes(10));

        _world.Results.ShouldHaveSingleItem().Outcome.ShouldBe(PayOutcome.Paid);
        _world.Bank.Calls.Count(call => call == "query").ShouldBe(0);
        _world.ServiceBus.Waiting(PaymentStepQueue.Queue).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_doubled_request_is_one_order_and_one_QR_at_the_bank()
    {
        var request = World.Request();

        await _world.DeviceSaysAsync(request);
        await _world.DeviceSaysAsync(request);

        _world.Bank.Calls.ShouldBe(["create"]);
        _world.Told().OfType<PayQr>().Count().ShouldBe(2);
        (await _world.GuardsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_content_under_the_same_order_id_is_refused_and_the_first_goes_on()
    {
        var request = await ShowQrAsync();

        await _world.DeviceSaysAsync(request with { Amount = new Fen(1) });

        _world.Told()[^1].ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.OrderIdReused);
        (await _world.OrderAsync(request.OrderId)).Amount.ShouldBe(new Fen(1250));
    }

    [Fact]
    public async Task A_cancel_frees_the_till_at_once_and_the_order_is_closed_at_300_seconds()
    {
        var request = await ShowQrAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(20));
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        _world.Results.ShouldHaveSingleItem().Outcome.ShouldBe(PayOutcome.Closing);

        await _world.PassAsync(TimeSpan.FromSeconds(279));
        _world.Bank.Calls.ShouldNotContain("close");
        await _world.PassAsync(TimeSpan.FromSeconds(2));

        _world.Bank.IsClosed(request.OrderId).ShouldBeTrue();
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closed);
        _world.Results[^1].Outcome.ShouldBe(PayOutcome.Closed);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_screen_that_runs_out_of_time_closes_the_order_without_a_word_of_the_machine()
    {
        var request = await ShowQrAsync();

        await _world.PassAsync(TimeSpan.FromSeconds(131));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closing);
        _world.Results.ShouldHaveSingleItem().Outcome.ShouldBe(PayOutcome.Closing);
    }

    [Fact]
    public async Task Money_that_arrives_while_closing_is_paid()
    {
        var request = await ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(200));
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        _world.Results[^1].Outcome.ShouldBe(PayOutcome.Paid);
    }

    [Fact]
    public async Task Paid_between_the_last_query_and_the_close_is_paid()
    {
        var request = await ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(295));
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromSeconds(6));

        _world.Bank.Calls.ShouldContain("close");
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task Money_that_arrives_after_the_close_is_late_parked_and_never_announced_as_paid()
    {
        var request = await ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(310));
        _world.Bank.PayLate(request.OrderId);

        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.LatePaid);
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldStartWith(nameof(ReviewReason.PaidLate));
        _world.Results.ShouldNotContain(result => result.Outcome == PayOutcome.Paid);
    }

    [Fact]
    public async Task A_cancel_that_overtakes_its_request_leaves_a_tombstone_that_refuses_it()
    {
        var request = World.Request();

        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.DeviceSaysAsync(request);

        _world.Told().Select(told => told.ShouldBeOfType<PayRefused>().Code).ShouldBe([RefusalCode.Cancelled, RefusalCode.Cancelled]);
        _world.Bank.Calls.ShouldBeEmpty();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_older_than_30_seconds_is_refused_and_leaves_nothing()
    {
        var request = World.Request();

        await _world.DeviceSaysAsync(request, sentAt: World.Noon.AddSeconds(-31));

        _world.Told().ShouldHaveSingleItem().ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.RequestTooOld);
        (await _world.Orders.FindAsync(request.OrderId, CancellationToken.None)).ShouldBeNull();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_of_the_bank_ends_the_order_and_says_why()
    {
        _world.Bank.Refusal = "商户未开通";
        var request = World.Request();

        await _world.DeviceSaysAsync(request);

        var refused = _world.Told().ShouldHaveSingleItem().ShouldBeOfType<PayRefused>();
        refused.Code.ShouldBe(RefusalCode.ChannelRefused);
        refused.Message.Zh.ShouldContain("商户未开通");
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Failed);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_goes_on_as_closing_once_nobody_can_still_be_waiting_for_it()
    {
        _world.Bank.AnswersAreLost = true;
        var request = World.Request();
        await _world.DeviceSaysAsync(request);
        _world.Bank.AnswersAreLost = false;

        await _world.PassAsync(TimeSpan.FromSeconds(5));
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Requested);
        await _world.PassAsync(TimeSpan.FromSeconds(3));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closing);
        _world.Results.ShouldHaveSingleItem().Outcome.ShouldBe(PayOutcome.Closing);
        await _world.PassAsync(TimeSpan.FromSeconds(300));
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closed);
    }

    [Fact]
    public async Task A_bank_that_stays_silent_from_the_first_close_is_asked_12_times_and_then_a_person_is()
    {
        var request = await ShowQrAsync();
        _world.Bank.AnswersAreLost = true;

        await _world.PassAsync(TimeSpan.FromMinutes(30));

        _world.Bank.Calls.Count(call => call == "close").ShouldBe(Order.MaxUnansweredCloses);
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldStartWith(nameof(ReviewReason.ChannelSilent));
        (await _world.GuardsAsync()).ShouldBeEmpty();

        _world.Bank.AnswersAreLost = false;
        _world.Bank.PayLate(request.OrderId);
        await _world.BankNotifiesAsync(request.OrderId);
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("merchant")]
    [InlineData("currency")]
    public async Task A_payment_that_differs_from_the_order_is_parked_never_paid(string what)
    {
        var request = await ShowQrAsync();
        _world.Bank.Distort = facts => what switch
        {
            "amount" => facts with { AmountFen = 1 },
            "merchant" => facts with { MerchantId = "7551000002" },
            _ => facts with { Currency = "USD" },
        };
        _world.Bank.Pay(request.OrderId);

        await _world.BankNotifiesAsync(request.OrderId);
        await _world.PassAsync(TimeSpan.FromMinutes(30));

        (await _world.OrderAsync(request.OrderId)).State.ShouldNotBe(OrderState.Paid);
        (await _world.ParkedAsync()).Count.ShouldBe(1);
        _world.Results.ShouldNotContain(result => result.Outcome == PayOutcome.Paid);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_result_that_is_not_acknowledged_is_sent_again_without_words_and_not_for_ever()
    {
        var request = await ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromMinutes(10));

        _world.Results.Count.ShouldBe(1 + PaymentPoll.MaxAnnouncements);
        _world.Results.Count(result => result.Say is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_machine_that_asks_is_told_again_and_may_say_it_only_while_the_payment_is_fresh()
    {
        var request = await ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromSeconds(3));

        await _world.DeviceSaysAsync(new PayStatus { OrderId = request.OrderId });
        _world.Results[^1].Say.ShouldNotBeNull();
        await AcknowledgeAsync(request.OrderId);
        await _world.DeviceSaysAsync(new PayStatus { OrderId = request.OrderId });
        _world.Results[^1].Say.ShouldBeNull();

        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await _world.DeviceSaysAsync(new PayStatus { OrderId = request.OrderId });
        _world.Results[^1].Outcome.ShouldBe(PayOutcome.Paid);
        _world.Results[^1].Say.ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_that_asks_about_an_order_that_never_arrived_is_told_so()
    {
        await _world.DeviceSaysAsync(new PayStatus { OrderId = World.Request().OrderId });

        _world.Told().ShouldHaveSingleItem().ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.UnknownOrder);
    }

    [Fact]
    public async Task A_notification_for_an_order_that_is_not_known_is_kept_for_a_person()
    {
        var request = await ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        var other = OrderId.New(new DateOnly(2026, 11, 22), World.Merchant, World.Machine);
        _world.Bank.Distort = facts => facts with { OrderNo = other.Value };

        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();

        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain(other.Value);
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.AwaitingPayment);
    }

    [Fact]
    public async Task A_paid_order_whose_close_the_bank_refuses_in_its_own_words_is_found_by_a_query()
    {
        var request = await ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(299));
        _world.Bank.PayLate(request.OrderId);
        _world.Bank.CloseRefusal = new CloseOutcome.StillOpen("INVALID_REQUEST", "订单已支付");

        await _world.PassAsync(TimeSpan.FromSeconds(2));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task A_bank_that_refuses_to_close_for_ever_is_asked_a_bounded_number_of_times()
    {
        await ShowQrAsync();
        _world.Bank.CloseRefusal = new CloseOutcome.StillOpen("INVALID_REQUEST", "稍后再试");

        await _world.PassAsync(TimeSpan.FromHours(2));

        _world.Bank.Calls.Count(call => call == "close").ShouldBeLessThan(20);
        (await _world.ParkedAsync()).ShouldHaveSingleItem();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_payment_that_differs_is_kept_with_its_own_amount_and_number_each_one()
    {
        var request = await ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        _world.Bank.Distort = facts => facts with { AmountFen = 1, ChannelTransactionNo = "FIRST" };
        await _world.PassAsync(TimeSpan.FromSeconds(3));
        _world.Bank.Distort = facts => facts with { AmountFen = 2, ChannelTransactionNo = "SECOND" };
        await _world.BankNotifiesAsync(request.OrderId);

        var kept = await _world.ParkedAsync();
        kept.Select(item => item.ItemId).ShouldBe([$"{request.OrderId}-AmountDiffers-FIRST", $"{request.OrderId}-AmountDiffers-SECOND"], ignoreOrder: true);
        kept[0].Reason.ShouldContain("0.01 CNY");
        kept[0].Body.ToString().ShouldContain("\"channelTransactionNo\":\"FIRST\"");
    }

    [Theory]
    [InlineData("261120DEVMERCHDEVMACH10123456789")]
    [InlineData("261122N0THERE0DEVMACH10123456789")]
    public async Task A_cancel_leaves_no_tombstone_where_no_order_of_the_machine_could_be(string id)
    {
        var order = OrderId.Parse(id);

        await _world.DeviceSaysAsync(new PayCancel { OrderId = order });

        _world.Told().ShouldHaveSingleItem().ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.UnknownOrder);
        (await _world.Orders.FindAsync(order, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_successor_remembers_the_order_that_it_replaces()
    {
        var request = World.Request() with { RetryOf = World.Request().OrderId };

        await _world.DeviceSaysAsync(request);

        (await _world.OrderAsync(request.OrderId)).RetryOf.ShouldBe(request.RetryOf);
    }

    private async Task<PayRequest> ShowQrAsync()
    {
        var request = World.Request();
        await _world.DeviceSaysAsync(request);
        _world.Told()[^1].ShouldBeOfType<PayQr>();
        return request;
    }

    private Task AcknowledgeAsync(OrderId order) =>
        _world.DeviceSaysAsync(new PayResultAck { OrderId = order, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon });
}
