using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>The sentences of the design's <i>Cloud pay</i>, over the real functions: from the key to the voice.</summary>
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
        var request = await _world.ShowQrAsync();
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
        var request = await _world.ShowQrAsync();
        _world.Clock.MoveTo(World.Noon.AddSeconds(1.2));

        await _world.StepAsync(new PaymentStep(request.OrderId, PaymentStepKind.Poll, 0));

        _world.ServiceBus.Waiting(PaymentStepQueue.Queue).Select(message => message.MessageId).ShouldContain($"{request.OrderId}-1-0");
    }

    [Fact]
    public async Task A_notification_settles_the_order_before_the_poll_and_the_poll_changes_nothing()
    {
        var request = await _world.ShowQrAsync();
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
        var request = await _world.ShowQrAsync();

        await _world.DeviceSaysAsync(request with { Amount = new Fen(1) });

        _world.Told()[^1].ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.OrderIdReused);
        (await _world.OrderAsync(request.OrderId)).Amount.ShouldBe(new Fen(1250));
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
    public async Task A_result_that_is_not_acknowledged_is_sent_again_without_words_and_not_for_ever()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromMinutes(10));

        _world.Results.Count.ShouldBe(1 + PaymentPoll.MaxAnnouncements);
        _world.Results.Count(result => result.Say is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_machine_that_asks_is_told_again_and_may_say_it_only_while_the_payment_is_fresh()
    {
        var request = await _world.ShowQrAsync();
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
    public async Task A_successor_remembers_the_order_that_it_replaces()
    {
        var request = World.Request() with { RetryOf = World.Request().OrderId };

        await _world.DeviceSaysAsync(request);

        (await _world.OrderAsync(request.OrderId)).RetryOf.ShouldBe(request.RetryOf);
    }

    private Task AcknowledgeAsync(OrderId order) =>
        _world.DeviceSaysAsync(new PayResultAck { OrderId = order, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon });
}
