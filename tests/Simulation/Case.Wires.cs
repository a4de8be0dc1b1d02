using Azure.Messaging;
using CanteenPay.Azure.InMemory;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Machines;

namespace CanteenPay.Simulation;

/// <summary>What connects the parts of a case.</summary>
internal sealed partial class Case
{
    private int routed;

    /// <summary>The broker routes a machine's message to its queue.</summary>
    private void Route(DeviceId device, string topic, ReadOnlyMemory<byte> payload, DateTimeOffset takenAt)
    {
        if (!DeviceMessageJson.TryRead(payload.Span, out var message, out var error))
        {
            watch.Fail("the protocol", $"from {device}: {error}");
            return;
        }

        if (sabotage == Sabotage.MachinesNeverAsk && message is PayStatus)
            return;
        if (message is PayRefund refund && tillRefunds.Add((refund.OrderId, refund.RefundKey)))
            wishedAtTill[refund.OrderId] = wishedAtTill.GetValueOrDefault(refund.OrderId) + refund.Amount.Value;
        trace?.Say("broker", $"routes {device.Value[^2..]}'s {message.GetType().Name} {About(message)}");
        var cloudEvent = new CloudEvent("canteen-events", "MQTT.EventPublished", BinaryData.FromBytes(payload), "application/octet-stream") { Subject = topic, Time = takenAt };
        cloudEvent.ExtensionAttributes["clientname"] = device.Value;
        host.Deliver(new(topic == Topics.StatusUp(device) ? Queues.Status : Queues.Payments, $"e{++routed}", cloudEvent));
    }

    /// <summary>An I/O of the cloud took effect.</summary>
    private void Happened(string operation)
    {
        if (operation.StartsWith("Publish ", StringComparison.Ordinal))
            Published(azure.Broker.Published[^1]);
        else if (operation.StartsWith(Queues.Polls, StringComparison.Ordinal))
            DeliverDueSteps();
        else if (operation.StartsWith("Orders.", StringComparison.Ordinal) && !operation.StartsWith("Orders.Get", StringComparison.Ordinal)
            && !operation.StartsWith("Orders.Query", StringComparison.Ordinal))
            OrdersWritten(operation);
    }

    private void OrdersWritten(string operation)
    {
        if (OrderId.TryParse(operation[(operation.LastIndexOf('/') + 1)..], null, out var order))
            watch.Written(order);
        else
            watch.WrittenAny();
    }

    private void Published(PublishedMessage published)
    {
        watch.Told(published);
        if (Topics.TryGetDevice(published.Topic, out var device))
            broker.ToMachine(device, published.Topic, published.Payload.ToMemory(), published.Options.Expiry);
    }

    /// <summary>Hands out the steps that are due, and comes back for the next.</summary>
    private void DeliverDueSteps()
    {
        while (azure.ServiceBus.TakeDue(Queues.Polls) is { } due)
            host.Deliver(new(Queues.Polls, due.MessageId!, due.Body));
        if (azure.ServiceBus.NextDue(Queues.Polls) is { } next && next != stepsLookedFor)
        {
            stepsLookedFor = next;
            agenda.After(next - agenda.Now, world, DeliverDueSteps);
        }
    }

    private DateTimeOffset? stepsLookedFor;

    private void Paid(BankOrder order)
    {
        if (sabotage == Sabotage.CloudAnnouncesBeforeTheWrite)
            AnnounceEarly(order);
        notifier.Tell(order);
        office.Hears(order);
    }

    private void AnnounceEarly(BankOrder order)
    {
        var id = OrderId.Parse(order.OrderNo);
        var early = new PayResult { OrderId = id, Amount = new(order.Fen), Outcome = PayOutcome.Paid, AgeMs = 0, Say = "支付宝到账" };
        Published(new(Topics.PaymentsDown(id.Device), BinaryData.FromBytes(DeviceMessageJson.Write(early)), new()));
    }

    private void Notify(BankOrder order, Action<bool> answered)
    {
        var merchant = order.MerchantNo == Canteen.First.BankNo ? Canteen.First : Canteen.Second;
        var facts = bank.Word(Book.FactsOf(order));
        trace?.Say("bank", $"notifies {order.OrderNo}");
        host.Request(async app =>
        {
            try
            {
                var accepted = await app.TakeAsync(merchant, facts);
                agenda.After(TimeSpan.FromMilliseconds(20), world, () => answered(accepted));
            }
#pragma warning disable CA1031 // The front door answers 500, and the bank sends it again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                trace?.Say("cloud", $"fails to take the notification of {order.OrderNo}: {e.Message}");
            }
        });
    }

    private void Shown(Machine machine, ScreenSnapshot screen)
    {
        trace?.Say(machine.Nickname, $"shows {Describe(screen.State)}");
        watch.Shown(machine, screen);
        if (screen.State.Face is ShowingQr showing && seenQrs.Add(showing.Qr))
            diner.Sees(showing.Qr);
    }

    private void Said(Machine machine, SpokenWords words)
    {
        spoken++;
        watch.Said(machine, words);
        if (sabotage == Sabotage.MachineForgetsWhatItSpoke && words.OrderId is { } id && machine.Store?.Find(id) is { } order)
            machine.Store.Save(order with { Spoken = false }, Unanswered.None);
    }

    private static string Describe(TillState state)
    {
        var face = state.Face switch
        {
            Keying keying => $"[{keying.Amount.Text}]",
            WaitingForQr waiting => $"waiting for {waiting.Order.Id}",
            ShowingQr showing => $"the QR of {showing.Order.Id}",
            Ended ended => $"{ended.Ending} {ended.Order.Id}",
            _ => state.Face.GetType().Name,
        };
        var line = state.Previous is { } previous ? $", before it {previous.Stage} {previous.Id}" : "";
        return $"{face}{line}{(state.Online ? "" : ", offline")}{(state.Notice is { } notice ? $", {notice.Notice}" : "")}";
    }

    private static string About(DeviceMessage message) => message switch
    {
        PayRequest request => request.OrderId.Value,
        PayCancel cancel => cancel.OrderId.Value,
        PayStatus status => status.OrderId.Value,
        PayRefund refund => $"{refund.OrderId} {refund.Amount} {refund.RefundKey}",
        PayResultAck ack => $"{ack.OrderId} {ack.Outcome}",
        _ => "",
    };
}
