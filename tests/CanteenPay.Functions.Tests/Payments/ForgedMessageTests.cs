using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>Every message from outside is hostile until checked.</summary>
public sealed class ForgedMessageTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_machine_may_not_order_under_another_machines_id()
    {
        var request = World.Request();

        await _world.DeviceSaysAsync(request, sender: World.OtherMachine);

        _world.Told(World.OtherMachine).ShouldHaveSingleItem().ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.DeviceNotAllowed);
        _world.Told().ShouldBeEmpty();
        (await _world.Orders.FindAsync(request.OrderId, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_may_not_cancel_ask_about_or_acknowledge_another_machines_order()
    {
        var request = World.Request();
        await _world.DeviceSaysAsync(request);
        DeviceMessage[] forged =
        [
            new PayCancel { OrderId = request.OrderId },
            new PayStatus { OrderId = request.OrderId },
            new PayResultAck { OrderId = request.OrderId, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = World.Noon },
        ];

        foreach (var message in forged)
            await _world.DeviceSaysAsync(message, sender: World.OtherMachine);

        (await _world.ParkedAsync()).Count.ShouldBe(forged.Length, "each is kept for a person, with the reason");
        _world.Failures.ShouldBeEmpty("it would come again at once");
        _world.Told().ShouldHaveSingleItem().ShouldBeOfType<PayQr>();
    }

    [Fact]
    public async Task The_sender_is_the_brokers_word_and_must_own_the_topic()
    {
        var request = World.Request();

        await _world.DeliverAsync(World.Routed(request, World.Machine, World.Noon, clientName: World.OtherMachine.Value));
        await _world.DeliverAsync(World.Routed(request, World.Machine, World.Noon, topic: Topics.PaymentsUp(World.OtherMachine)));
        await _world.DeliverAsync(World.Routed(request, World.Machine, World.Noon, clientName: "somebody"));

        (await _world.ParkedAsync()).Select(item => item.Reason).ShouldBe(
            [
                $"Machine {World.OtherMachine} published to '{Topics.PaymentsUp(World.Machine)}', which is not its own topic.",
                $"Machine {World.Machine} published to '{Topics.PaymentsUp(World.OtherMachine)}', which is not its own topic.",
                "Client 'somebody' is not a machine.",
            ],
            ignoreOrder: true);
        _world.Broker.Published.ShouldBeEmpty();
        _world.Bank.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_of_the_clouds_own_kind_is_not_taken_from_a_machine()
    {
        await _world.DeviceSaysAsync(new PayResult { OrderId = World.Request().OrderId, Amount = new Fen(1), Outcome = PayOutcome.Paid });

        (await _world.ParkedAsync()).ShouldHaveSingleItem().Source.ShouldBe("device-payments");
        _world.Broker.Published.ShouldBeEmpty();
    }
}
