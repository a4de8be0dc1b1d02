using CanteenPay.Azure.InMemory;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Machines;

namespace CanteenPay.Simulation.Stories;

/// <summary>What connects the parts of a case.</summary>
internal sealed partial class PaymentCase
{
    private bool Route(DeviceId device, DeviceMessage message)
    {
        if (stage.Sabotage == Sabotage.MachinesNeverAsk && message is PayStatus)
            return false;
        if (message is PayRefund refund && tillRefunds.Add((refund.OrderId, refund.RefundKey)))
            wishedAtTill[refund.OrderId] = wishedAtTill.GetValueOrDefault(refund.OrderId) + refund.Amount.Value;
        stage.Trace?.Say("broker", $"routes {device.Value[^2..]}'s {message.GetType().Name} {About(message)}");
        return true;
    }

    /// <summary>An I/O of the cloud took effect.</summary>
    private void Happened(string operation)
    {
        if (!operation.StartsWith("Orders.", StringComparison.Ordinal) || operation.StartsWith("Orders.Get", StringComparison.Ordinal)
            || operation.StartsWith("Orders.Query", StringComparison.Ordinal))
        {
            return;
        }

        if (OrderId.TryParse(operation[(operation.LastIndexOf('/') + 1)..], null, out var order))
            Written(order);
        else
            watch.WrittenAny();
    }

    private void Written(OrderId order)
    {
        watch.Written(order);
        if (stage.Sabotage == Sabotage.GuardGoesBeforeThePosting && records.Find(order) is { Payment: not null } paid)
            records.Unguard(paid);
    }

    private void Told(PublishedMessage published) => watch.Told(published);

    private void Paid(BankOrder order)
    {
        if (stage.Sabotage == Sabotage.CloudAnnouncesBeforeTheWrite)
            AnnounceEarly(order);
        notifier.Tell(order);
        office.Hears(order);
    }

    private void AnnounceEarly(BankOrder order)
    {
        var id = OrderId.Parse(order.OrderNo);
        var early = new PayResult { OrderId = id, Amount = new(order.Fen), Outcome = PayOutcome.Paid, AgeMs = 0, Say = "支付宝到账" };
        stage.Publish(new(Topics.PaymentsDown(id.Device), BinaryData.FromBytes(DeviceMessageJson.Write(early)), new()));
    }

    private void Notify(BankOrder order, Action<bool> answered)
    {
        var merchant = order.MerchantNo == Canteen.First.BankNo ? Canteen.First : Canteen.Second;
        var facts = bank.Word(Book.FactsOf(order));
        stage.Trace?.Say("bank", $"notifies {order.OrderNo}");
        stage.Host.Request(async app =>
        {
            try
            {
                var accepted = await app.TakeAsync(merchant, facts);
                stage.Agenda.After(TimeSpan.FromMilliseconds(20), stage.World, () => answered(accepted));
            }
#pragma warning disable CA1031 // The front door answers 500, and the bank sends it again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                stage.Trace?.Say("cloud", $"fails to take the notification of {order.OrderNo}: {e.Message}");
            }
        });
    }

    private void Shown(Machine machine, ScreenSnapshot screen)
    {
        stage.Trace?.Say(machine.Nickname, $"shows {Describe(screen.State)}");
        watch.Shown(machine, screen);
        if (screen.State.Face is ShowingQr showing && seenQrs.Add(showing.Qr))
            diner.Sees(showing.Qr);
    }

    private void Said(Machine machine, SpokenWords words)
    {
        spoken++;
        watch.Said(machine, words);
        if (stage.Sabotage == Sabotage.MachineForgetsWhatItSpoke && words.OrderId is { } id && machine.Store?.Find(id) is { } order)
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
