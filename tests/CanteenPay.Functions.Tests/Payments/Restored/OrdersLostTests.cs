using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Restored;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments.Restored;

/// <summary>Goal: when <c>Orders</c> is older than the bank and the postings, nothing wrong is said or booked. Method: rows of an order are deleted or put back to before it was paid.</summary>
public sealed class OrdersLostTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_banks_word_for_an_order_that_is_gone_is_kept_for_a_person()
    {
        var order = await PaidAsync();
        await DeleteAsync(order);

        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();

        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain(order.Value);
        (await _world.Orders.FindAsync(order, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_machine_that_asks_for_it_is_told_that_it_is_not_known_and_nothing_of_money()
    {
        var order = await PaidAsync();
        await DeleteAsync(order);
        var told = _world.Told().Count;

        await _world.DeviceSaysAsync(new PayStatus { OrderId = order });
        await _world.DeviceSaysAsync(new PayRefund { OrderId = order, RefundKey = "REFVND01", Amount = new Fen(100), RequestedAt = _world.Clock.GetUtcNow() });

        _world.Told().Skip(told).ShouldAllBe(message => (message is PayRefused && ((PayRefused)message).Code == RefusalCode.UnknownOrder) || message is PayRefundResult);
        _world.Bank.RefundedFen(order).ShouldBe(0);
        (await _world.Orders.FindAsync(order, CancellationToken.None)).ShouldBeNull("nobody makes an order of a question");
    }

    [Fact]
    public async Task What_was_posted_of_it_stays_posted_once()
    {
        var order = await PaidAsync();
        await DeleteAsync(order);

        await _world.BankNotifiesAsync(order);
        await _world.Get<OrdersAgain>().GoOnAsync(World.Merchant, World.Today, after: null, CancellationToken.None);
        await _world.PassAsync(TimeSpan.FromMinutes(10));

        (await _world.PostingsAsync()).ShouldHaveSingleItem().Posting.Order.ShouldBe(order);
    }

    [Fact]
    public async Task An_order_that_was_put_back_to_before_it_was_paid_is_paid_again_posted_once_and_not_spoken()
    {
        var request = await _world.ShowQrAsync();
        var copy = (await Table.GetEntityIfExistsAsync<TableEntity>(OrderRow.Partition(request.OrderId), request.OrderId.Value)).ShouldNotBeNull();
        _world.Bank.Pay(request.OrderId);
        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await Table.UpsertEntityAsync(copy, TableUpdateMode.Replace);
        _world.LosePollsUntil(_world.Clock.GetUtcNow() + TimeSpan.FromMinutes(4));
        _world.Restart();
        var results = _world.Results.Count;

        (await _world.Get<OrdersAgain>().GoOnAsync(World.Merchant, World.Today, after: null, CancellationToken.None)).Guarded.ShouldBe(1);
        await _world.SweepAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(2));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        await _world.ShouldHavePostedOnceAsync(request.OrderId, "its posting was there");
        _world.Results.Count.ShouldBeGreaterThan(results);
        _world.Results.Skip(results).ShouldAllBe(result => result.Say == null && result.Clips == null);
    }

    private async Task<OrderId> PaidAsync()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        return request.OrderId;
    }

    private TableClient Table => _world.Tables.GetTableClient(OrderStore.Table);

    private Task DeleteAsync(OrderId order) => Table.DeleteEntityAsync(OrderRow.Partition(order), order.Value);
}
