using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>Two handlers at one order: the second's write is refused, and its event happens to what the first wrote.</summary>
public sealed class FirstWriterWinsTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_notification_that_writes_while_a_poll_is_about_to_makes_one_payment_and_one_utterance()
    {
        var order = (await _world.ShowQrAsync()).OrderId;
        _world.Bank.Pay(order);
        BeforeTheNextWrite(() => _world.BankNotifiesAsync(order));

        await _world.PassAsync(TimeSpan.FromSeconds(3));

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Paid);
        _world.Results.Count(result => result.Say is not null).ShouldBe(1);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_notifications_at_once_make_one_payment_and_one_utterance()
    {
        var order = (await _world.ShowQrAsync()).OrderId;
        _world.Bank.Pay(order);
        BeforeTheNextWrite(() => _world.BankNotifiesAsync(order));

        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Paid);
        _world.Results.Count(result => result.Say is not null).ShouldBe(1);
        (await _world.ParkedAsync()).ShouldBeEmpty();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_notification_before_the_create_returns_pays_the_order_and_no_QR_is_shown_any_more()
    {
        var request = World.Request();
        _world.Bank.BeforeCreateAnswer = async () =>
        {
            _world.Bank.Pay(request.OrderId);
            (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        };

        await _world.DeviceSaysAsync(request);

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        _world.Told().ShouldNotContain(told => told is PayQr);
        _world.Results.Count(result => result.Say is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_that_writes_while_a_cancel_is_about_to_stays_paid_and_the_cancel_is_answered_with_it()
    {
        var order = (await _world.ShowQrAsync()).OrderId;
        _world.Bank.Pay(order);
        BeforeTheNextWrite(() => _world.BankNotifiesAsync(order));

        await _world.DeviceSaysAsync(new PayCancel { OrderId = order });

        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Paid);
        _world.Results.ShouldNotContain(result => result.Outcome == PayOutcome.Closing);
        _world.Results.ShouldContain(result => result.Outcome == PayOutcome.Paid);
    }

    [Fact]
    public async Task A_cancel_that_writes_while_the_QR_is_about_to_be_stored_wins_and_the_QR_is_not_shown()
    {
        var request = World.Request();
        BeforeTheNextWrite(() => _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId }));

        await _world.DeviceSaysAsync(request);

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closing);
        _world.Told().ShouldNotContain(told => told is PayQr);
    }

    [Fact]
    public async Task An_acknowledgement_that_writes_in_between_is_not_undone()
    {
        var order = (await _world.ShowQrAsync()).OrderId;
        _world.Bank.Pay(order);
        BeforeTheNextWrite(() => _world.DeviceSaysAsync(new PayResultAck { OrderId = order, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon }));

        await _world.BankNotifiesAsync(order);

        (await _world.OrderAsync(order)).ShouldSatisfyAllConditions(
            stored => stored.State.ShouldBe(OrderState.Paid),
            stored => stored.Acknowledged.ShouldBe(PayOutcome.Paid));
    }

    private void BeforeTheNextWrite(Func<Task> writeAsync) => _world.Tables.BeforeOperation = operation =>
    {
        if (!operation.StartsWith("Orders.Update", StringComparison.Ordinal))
            return Task.CompletedTask;
        _world.Tables.BeforeOperation = null;
        return writeAsync();
    };
}
