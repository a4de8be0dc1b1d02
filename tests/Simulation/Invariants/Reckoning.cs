using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Machines;
using CloudOrder = CanteenPay.Functions.Payments.Rules.Order;
using MachineOrder = CanteenPay.DeviceAgent.Terminal.Order;

namespace CanteenPay.Simulation.Invariants;

/// <summary>The end of a case: faults are over, time has passed, and bank, cloud and machines must agree, order by order.</summary>
internal sealed class Reckoning(Book book, CloudRecords cloud, IReadOnlyList<Machine> machines, Watch watch)
{
    private const int MostOrders = 1000;

    private readonly IReadOnlyList<string> parked = [.. cloud.Parked().Select(item => item.ItemId)];

    /// <summary>Every order must have ended or wait for a person (invariant 4).</summary>
    public void OrdersHaveEnded()
    {
        foreach (var order in cloud.Orders().Where(order => order.State.IsOpen() && !WaitsForPerson(order)))
            watch.Fail("4: every order ends", $"{order.Id} is still {order.State}");
    }

    /// <summary>Money, guards and machines.</summary>
    public void EverythingAgrees()
    {
        var orders = cloud.Orders().ToDictionary(order => order.Id);
        OrdersHaveEnded();
        foreach (var paid in book.Orders.Where(order => order.PaidAt is not null))
            MoneyIsOurs(paid, orders.GetValueOrDefault(OrderId.Parse(paid.OrderNo)));
        foreach (var order in orders.Values.Where(order => order.Payment is not null && book.Find(order.Id.Value)?.PaidAt is null))
            watch.Fail("money: ours = the bank's", $"{order.Id} is {order.State}, and the bank has no money for it");
        foreach (var guard in cloud.Guards())
            watch.Fail("4: nothing is left to do", $"{guard.Order} is still guarded; it is {orders.GetValueOrDefault(guard.Order)?.State.ToString() ?? "not there"}");
        foreach (var machine in machines)
            MachineKnows(machine, orders);
    }

    private void MoneyIsOurs(BankOrder paid, CloudOrder? order)
    {
        if (order is null)
            watch.Fail("money: ours = the bank's", $"the bank was paid for {paid.OrderNo}, which the cloud does not know");
        else if (order.State is not (OrderState.Paid or OrderState.LatePaid) && !parked.Any(item => item.Contains(paid.OrderNo, StringComparison.Ordinal)))
            watch.Fail("money: ours = the bank's", $"the bank was paid for {paid.OrderNo}, which is {order.State} and not parked");
        else if (order.State is OrderState.Paid && order.Amount.Value != paid.Fen)
            watch.Fail("money: ours = the bank's", $"{paid.OrderNo}: the bank has {paid.Fen} fen, we have {order.Amount.Value}");
    }

    private void MachineKnows(Machine machine, Dictionary<OrderId, CloudOrder> orders)
    {
        var own = machine.Store!.Newest(MostOrders);
        foreach (var order in own)
        {
            if (!Agrees(order, orders.GetValueOrDefault(order.Id)))
                watch.Fail("the machine learns how it ended", $"{machine.Nickname} has {order.Id} as {order.Stage}; the cloud: {orders.GetValueOrDefault(order.Id)?.State.ToString() ?? "not there"}");
        }

        foreach (var order in orders.Values.Where(order => order.Device == machine.Device && !own.Any(mine => mine.Id == order.Id)))
            watch.Fail("nothing comes from nowhere", $"the cloud has {order.Id}, which {machine.Nickname} never made");
    }

    private bool Agrees(MachineOrder mine, CloudOrder? theirs) => theirs switch
    {
        null => mine.Stage is OrderStage.Closed or OrderStage.Refused,
        { State: OrderState.Paid } => mine is { Stage: OrderStage.Paid, Disputed: false },
        { State: OrderState.Closing } => WaitsForPerson(theirs) && mine.Stage is OrderStage.Closing or OrderStage.Cancelled,
        _ => mine.Stage is OrderStage.Closed or OrderStage.Refused or OrderStage.Failed,
    };

    private bool WaitsForPerson(CloudOrder order) =>
        order.Review is not null && parked.Any(item => item.Contains(order.Id.Value, StringComparison.Ordinal));
}
