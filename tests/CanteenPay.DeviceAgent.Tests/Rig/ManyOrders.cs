using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>Many orders in one transaction, because each of its own waits for the disk.</summary>
internal static class ManyOrders
{
    /// <summary>Adds orders to a database that nobody has open; with a cancel each in the outbox if wanted.</summary>
    public static void Add(string database, IEnumerable<Order> orders, bool withCancel = false)
    {
        using var opened = AgentDatabase.Open(database, OrderStore.MaxBytes);
        opened.InTransaction(() =>
        {
            foreach (var order in orders)
            {
                OrderRow.Upsert(opened, order);
                if (withCancel)
                    opened.Run("INSERT INTO outbox (order_id, kind) VALUES ($id, 'Cancel')", ("$id", order.Id.Value));
            }
        });
    }

    public static Order Order(OrderStage stage, int minute = 0) => new()
    {
        Id = OrderId.New(new DateOnly(2026, 11, 22), TillRig.Merchant, TillRig.Device),
        Amount = new Fen(1250),
        RequestedAt = TillRig.Noon.AddMinutes(minute),
        Stage = stage,
    };
}
