using CanteenPay.Azure.InMemory;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Virtual;
using CloudOrder = CanteenPay.Functions.Payments.Rules.Order;
using MachineOrder = CanteenPay.DeviceAgent.Terminal.Order;

namespace CanteenPay.Simulation.Invariants;

/// <summary>Looks at every write of the cloud, every word to a machine, every screen and every utterance while the story goes on.</summary>
internal sealed class Watch(Agenda agenda, Book book, CloudRecords cloud, Verdict verdict, Trace? trace)
{
    /// <summary>Invariant 5: not spoken later than this after the payment.</summary>
    private static readonly TimeSpan SpokenWithin = TimeSpan.FromSeconds(60);

    private readonly Dictionary<OrderId, CloudOrder> written = [];
    private readonly HashSet<OrderId> everPaid = [];
    private readonly HashSet<(DeviceId, OrderId)> spoken = [];
    private readonly HashSet<(DeviceId, OrderId, string)> refundsSpoken = [];

    /// <summary>The cloud has written an order.</summary>
    public void Written(OrderId id)
    {
        if (cloud.Find(id) is not { } now)
            return;
        if (written.GetValueOrDefault(id) is { } before)
        {
            if (before.State != now.State && !CanFollow(before.State, now.State))
                verdict.Fail("the life of an order", $"{id} went from {before.State} to {now.State}");
            if (before.Payment is not null && before.Payment != now.Payment)
                verdict.Fail("5: paid at most once", $"{id} was paid by {before.Payment}, and then by {now.Payment}");
            if (before.Amount != now.Amount)
                verdict.Fail("the life of an order", $"{id} changed its amount from {before.Amount} to {now.Amount}");
            if (now.Refunded < before.Refunded || now.Refunded + now.RefundPending > now.Amount)
                verdict.Fail("refunds never exceed the payment", $"{id} of {now.Amount}: {before.Refunded}, then {now.Refunded} refunded, {now.RefundPending} on the way");
            if (before.State == now.State)
            {
                written[id] = now;
                return;
            }
        }

        trace?.Say("cloud", $"stores {id} as {now.State}");
        written[id] = now;
        if (now.Payment is not null && book.Find(id.Value)?.PaidAt is null)
            verdict.Fail("3: on the word of the channel", $"{id} is {now.State}, and the bank has no money for it");
        if (now.State == OrderState.Paid)
            everPaid.Add(id);
    }

    /// <summary>The cloud has written several rows at once.</summary>
    public void WrittenAny()
    {
        foreach (var id in written.Keys.ToList())
            Written(id);
    }

    /// <summary>Whether an order was ever paid in time.</summary>
    public bool WasPaid(OrderId id) => everPaid.Contains(id);

    /// <summary>The cloud has published to a machine.</summary>
    public void Told(PublishedMessage published)
    {
        if (!DeviceMessageJson.TryRead(published.Payload, out var message, out var error))
            verdict.Fail("the protocol", $"to {published.Topic}: {error}");
        if (message is PayResult or PayQr or PayRefused or PayRefundResult)
            trace?.Say("cloud", $"tells {Describe(message)}");
        if (message is PayResult { Outcome: PayOutcome.Paid } result)
            MustBePaid(result.OrderId, result.Amount, "the cloud told its machine");
    }

    /// <summary>A machine shows something else.</summary>
    public void Shown(Machine machine, ScreenSnapshot screen)
    {
        if (screen.State.Face is Ended { Ending: Ending.Paid } green)
            MustBePaid(green.Order.Id, green.Order.Amount, $"{machine.Nickname} is green");
        if (screen.State.Previous is { Stage: OrderStage.Paid } previous)
            MustBePaid(previous.Id, previous.Amount, $"{machine.Nickname} shows it in the line");
        Disputed(machine, (screen.State.Face as Ended)?.Order);
        Disputed(machine, screen.State.Previous);
    }

    /// <summary>A machine begins to speak.</summary>
    public void Said(Machine machine, SpokenWords words)
    {
        if (words.OrderId is not { } id)
            return;
        if (words.Words.Contains("退款", StringComparison.Ordinal))
        {
            if (!refundsSpoken.Add((machine.Device, id, words.Words)) && machine.Store?.Find(id)?.RefundedHere == machine.Store?.Find(id)?.Refund?.Amount)
                verdict.Fail("5: spoken at most once", $"{machine.Nickname} speaks of a refund of {id} again");
            if (cloud.Find(id)?.Refunded.Value is null or 0)
                verdict.Fail("refunded only on the word of the channel", $"{machine.Nickname} says that {id} was refunded");
            return;
        }

        if (!spoken.Add((machine.Device, id)))
            verdict.Fail("5: spoken at most once", $"{machine.Nickname} speaks of {id} again");
        if (machine.Store?.Find(id) is not { Spoken: true } order)
            verdict.Fail("5: spoken at most once", $"{machine.Nickname} speaks of {id} without having stored that it does");
        else
            MustBePaid(id, order.Amount, $"{machine.Nickname} says so");
        if (book.Find(id.Value)?.PaidAt is { } paidAt && agenda.Now - paidAt > SpokenWithin)
            verdict.Fail("5: never spoken later than 60 s", $"{machine.Nickname} speaks of {id} {(agenda.Now - paidAt).TotalSeconds:F1} s after the payment");
        var onScreen = machine.Screen?.State is { } state && (state.OpenOnScreen?.Id == id || (state.Face is Ended ended && ended.Order.Id == id));
        if (!onScreen && machine.Screen?.State.OpenOnScreen is not null && !words.Words.Contains("上一笔", StringComparison.Ordinal)
            && machine.Screen.State.OpenOnScreen.RequestedAt < agenda.Now - TimeSpan.FromSeconds(10))
        {
            verdict.Fail("the previous payment", $"{machine.Nickname} speaks of {id} as if it were the one on the screen");
        }
    }

    private void MustBePaid(OrderId id, Fen amount, string who)
    {
        if (!everPaid.Contains(id))
            verdict.Fail("3: paid only if the cloud has recorded it", $"{who} that {id} is paid, and it is {cloud.Find(id)?.State.ToString() ?? "unknown there"}");
        else if (written[id].Amount != amount || book.Find(id.Value)?.Fen != amount.Value)
            verdict.Fail("3: the same amount", $"{who} that {amount} of {id} were paid");
    }

    private void Disputed(Machine machine, MachineOrder? order)
    {
        if (order is { Disputed: true })
            verdict.Fail("the cloud never contradicts itself", $"{machine.Nickname} was told of {order.Id} that it is paid and that it is not");
    }

    private static bool CanFollow(OrderState before, OrderState after) => (before, after) switch
    {
        (OrderState.Requested, OrderState.AwaitingPayment or OrderState.Failed or OrderState.Closing or OrderState.Paid) => true,
        (OrderState.AwaitingPayment, OrderState.Closing or OrderState.Paid or OrderState.Closed) => true,
        (OrderState.Closing, OrderState.Paid or OrderState.Closed) => true,
        (OrderState.Closed or OrderState.Failed, OrderState.LatePaid) => true,
        (OrderState.Paid, OrderState.PartlyRefunded or OrderState.Refunded) => true,
        (OrderState.PartlyRefunded or OrderState.LatePaid, OrderState.Refunded) => true,
        _ => false,
    };

    private static string Describe(DeviceMessage message) => message switch
    {
        PayResult result => $"{result.OrderId}: {result.Outcome}{(result.Say is null ? "" : ", aloud")}",
        PayRefundResult result => $"{result.OrderId}: refund {result.RefundKey} {result.Progress}{(result.Say is null ? "" : ", aloud")}",
        PayQr qr => $"{qr.OrderId}: QR",
        PayRefused refused => $"{refused.OrderId}: refused, {refused.Code}",
        _ => message.GetType().Name,
    };
}
