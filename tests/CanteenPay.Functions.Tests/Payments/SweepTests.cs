using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>Scheduled messages are the fast path, not the guardian.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_order_whose_scheduled_step_was_lost_is_revived_after_3_minutes()
    {
        var request = World.Request();
        await _world.DeviceSaysAsync(request);
        _world.Bank.Pay(request.OrderId);
        LoseScheduledSteps();

        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await _world.SweepAsync();
        _world.ServiceBus.Waiting(PaymentStepQueue.Queue).ShouldBeEmpty();
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await _world.SweepAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(1));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        _world.Results[0].Say.ShouldBeNull("four minutes later it is shown, not spoken");
    }

    [Fact]
    public async Task An_order_that_is_polled_as_it_should_be_gets_no_second_chain_of_polls()
    {
        var request = World.Request();
        await _world.DeviceSaysAsync(request);
        await _world.PassAsync(TimeSpan.FromSeconds(200));

        await _world.SweepAsync();
        await _world.SweepAsync();

        _world.ServiceBus.Waiting(PaymentStepQueue.Queue).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_guard_without_its_order_is_taken_away_after_15_minutes_and_not_before()
    {
        var order = World.Request().OrderId;
        var guard = OpenOrderRow.For(order, World.Noon);
        await _world.Tables.GetTableClient("OpenOrders").AddEntityAsync(guard);

        await _world.PassAsync(TimeSpan.FromMinutes(14));
        await _world.SweepAsync();
        (await _world.GuardsAsync()).Count.ShouldBe(1);
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await _world.SweepAsync();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_that_cannot_be_taken_waits_by_itself_and_is_parked_after_12_tries()
    {
        var request = World.Request();
        await _world.DeviceSaysAsync(request);
        _world.Tables.BeforeOperation = operation => operation.StartsWith("Orders.", StringComparison.Ordinal)
            ? throw new global::Azure.RequestFailedException(503, "busy", "ServerBusy", null)
            : Task.CompletedTask;

        await _world.PassAsync(TimeSpan.FromMinutes(20));

        _world.Failures.ShouldBeEmpty("a failed invocation would come back at once");
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain("busy");
        (await _world.GuardsAsync()).Count.ShouldBe(1, "the sweep still knows the order");

        _world.Tables.BeforeOperation = null;
        _world.Bank.Pay(request.OrderId);
        await _world.SweepAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    private void LoseScheduledSteps()
    {
        _world.Clock.MoveTo(_world.ServiceBus.NextDue(PaymentStepQueue.Queue)!.Value);
        while (_world.ServiceBus.TakeDue(PaymentStepQueue.Queue) is not null)
        {
        }
    }
}
