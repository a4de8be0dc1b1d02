using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Machines;
using CloudOrder = CanteenPay.Functions.Payments.Rules.Order;
using MachineOrder = CanteenPay.DeviceAgent.Terminal.Order;

namespace CanteenPay.Simulation.Invariants;

/// <summary>The end of a case: faults are over, time has passed, and bank, cloud and machines must agree, order by order.</summary>
/// <param name="book">The bank's book.</param>
/// <param name="cloud">The cloud's tables.</param>
/// <param name="machines">The machines, switched on.</param>
/// <param name="watch">Knows what was ever paid.</param>
/// <param name="verdict">Keeps what is found.</param>
/// <param name="wished">How many fen of an order somebody asked to give back.</param>
internal sealed class Reckoning(Book book, CloudRecords cloud, IReadOnlyList<Machine> machines, Watch watch, Verdict verdict, Func<string, long> wished)
{
    private const int MostOrders = 1000;

    private readonly IReadOnlyList<string> parked = [.. cloud.Parked().Select(item => item.ItemId)];

    /// <summary>Every order must have ended or wait for a person (invariant 4).</summary>
    public void OrdersHaveEnded()
    {
        foreach (var order in cloud.Orders().Where(order => order.State.IsOpen() && !WaitsForPerson(order)))
            verdict.Fail("4: every order ends", $"{order.Id} is still {order.State}");
    }

    /// <summary>Money, guards and machines.</summary>
    public void EverythingAgrees()
    {
        var orders = cloud.Orders().ToDictionary(order => order.Id);
        OrdersHaveEnded();
        RefundsHaveEnded();
        foreach (var paid in book.Orders.Where(order => order.PaidAt is not null))
            MoneyIsOurs(paid, orders.GetValueOrDefault(OrderId.Parse(paid.OrderNo)));
        foreach (var order in orders.Values.Where(order => order.Payment is not null && book.Find(order.Id.Value)?.PaidAt is null))
            verdict.Fail("money: ours = the bank's", $"{order.Id} is {order.State}, and the bank has no money for it");
        PostingCheck.Run(book, cloud, verdict);
        foreach (var guard in cloud.Guards())
            verdict.Fail("4: nothing is left to do", $"{guard.Order} is still guarded; it is {orders.GetValueOrDefault(guard.Order)?.State.ToString() ?? "not there"}");
        foreach (var machine in machines)
            MachineKnows(machine, orders);
    }

    private void MoneyIsOurs(BankOrder paid, CloudOrder? order)
    {
        if (order is null)
            verdict.Fail("money: ours = the bank's", $"the bank was paid for {paid.OrderNo}, which the cloud does not know");
        else if (order.Payment is null && !IsParked(paid.OrderNo) && !IsForTheBill(paid))
            verdict.Fail("money: ours = the bank's", $"the bank was paid for {paid.OrderNo}, which is {order.State} and not parked");
        else if (order.Payment is not null && (order.Amount - order.Refunded).Value != paid.Fen - paid.RefundedFen)
            verdict.Fail("money: ours = the bank's", $"{paid.OrderNo}: the bank has {paid.Fen} - {paid.RefundedFen} fen, we have {order.Amount} - {order.Refunded} yuan");
        else if (order is { State: OrderState.LatePaid } && !WaitsForPerson(order))
            verdict.Fail("late money goes back", $"{paid.OrderNo} is still LatePaid");
        if (paid.RefundedFen > wished(paid.OrderNo) && order is null or { State: not (OrderState.LatePaid or OrderState.Refunded) })
            verdict.Fail("a refund is given once", $"{paid.OrderNo}: {paid.RefundedFen} fen went back, {wished(paid.OrderNo)} were asked for");
    }

    /// <summary>Paid after the bank itself had closed it, and never notified: only the bank's bill says so.</summary>
    private static bool IsForTheBill(BankOrder paid) => paid is { IsClosed: true, IsNotified: false };

    private void RefundsHaveEnded()
    {
        foreach (var refund in cloud.Refunds().Where(refund => refund.IsOpen))
            verdict.Fail("4: every refund ends", $"{refund.Id} is still {refund.State}");
        foreach (var refund in cloud.Refunds().Where(refund => refund.State == RefundState.Refused && !IsParked(refund.Id.Order.Value)))
            verdict.Fail("a refused refund waits for a person", $"{refund.Id} is refused and not parked");
    }

    private void MachineKnows(Machine machine, Dictionary<OrderId, CloudOrder> orders)
    {
        var own = machine.Store!.Newest(MostOrders);
        foreach (var order in own)
        {
            if (!Agrees(order, orders.GetValueOrDefault(order.Id)))
                verdict.Fail("the machine learns how it ended", $"{machine.Nickname} has {order.Id} as {order.Stage}; the cloud: {orders.GetValueOrDefault(order.Id)?.State.ToString() ?? "not there"}");
            if (order.Refund is { IsEnded: false })
                verdict.Fail("the machine learns how it ended", $"{machine.Nickname} still waits for a refund of {order.Id}");
        }

        foreach (var order in orders.Values.Where(order => order.Device == machine.Device && !own.Any(mine => mine.Id == order.Id)))
            verdict.Fail("nothing comes from nowhere", $"the cloud has {order.Id}, which {machine.Nickname} never made");
    }

    private bool Agrees(MachineOrder mine, CloudOrder? theirs) => theirs switch
    {
        null => IsUnpaid(mine),
        { State: OrderState.Paid or OrderState.PartlyRefunded } => mine is { Stage: OrderStage.Paid, Disputed: false },
        { State: OrderState.Closing } => WaitsForPerson(theirs) && mine.Stage is OrderStage.Closing or OrderStage.Cancelled,
        // A machine that knew an end does not ask any more: what happened later it learns only if it was there to be told.
        { State: OrderState.Refunded } when watch.WasPaid(theirs.Id) => mine.Stage is OrderStage.Paid or OrderStage.Refunded,
        { State: OrderState.Refunded } => mine.Stage is OrderStage.Refunded || IsUnpaid(mine),
        { State: OrderState.LatePaid } => mine.Stage is OrderStage.Refunding || IsUnpaid(mine),
        _ => IsUnpaid(mine),
    };

    private static bool IsUnpaid(MachineOrder order) => order.Stage is OrderStage.Closed or OrderStage.Refused or OrderStage.Failed;

    private bool IsParked(string orderNo) => parked.Any(item => item.Contains(orderNo, StringComparison.Ordinal));

    private bool WaitsForPerson(CloudOrder order) =>
        order.Review is not null && IsParked(order.Id.Value);
}
