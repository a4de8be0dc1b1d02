using CanteenPay.Channels;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary><c>Closed</c> or <c>Failed</c> + channel says paid → <c>LatePaid</c>, refunded automatically, never spoken as paid.</summary>
public sealed class LateMoneyTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Money_after_the_close_goes_back_by_itself_and_is_never_announced_as_paid()
    {
        var order = await PaidAfterTheCloseAsync();
        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.LatePaid);

        await _world.PassAsync(TimeSpan.FromSeconds(30));

        var after = await _world.OrderAsync(order);
        after.State.ShouldBe(OrderState.Refunded);
        after.FeeReturned.ShouldBe(ChannelFee.Of(after.Amount, after.FeeRateBasisPoints));
        _world.Bank.RefundedFen(order).ShouldBe(after.Amount.Value);
        _world.Results.Select(result => result.Outcome).ShouldNotContain(PayOutcome.Paid);
        _world.Results.ShouldAllBe(result => result.Say == null);
        _world.Results.Select(result => result.Outcome).Distinct().TakeLast(2).ShouldBe([PayOutcome.Refunding, PayOutcome.Refunded], "the cashier sees that the money came and that it went back");
        (await _world.GuardsAsync()).ShouldBeEmpty();
        (await _world.ParkedAsync()).ShouldBeEmpty("nobody has to do anything");
    }

    [Fact]
    public async Task Two_notifications_of_late_money_make_one_refund()
    {
        var order = await PaidAfterTheCloseAsync();
        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();
        await _world.PassAsync(TimeSpan.FromSeconds(30));
        (await _world.BankNotifiesAsync(order)).ShouldBeTrue();

        (await _world.RefundsAsync(order)).ShouldHaveSingleItem().Origin.ShouldBe(RefundOrigin.LateMoney);
        _world.Bank.RefundCount(order).ShouldBe(1);
    }

    [Fact]
    public async Task A_refund_that_the_channel_refuses_waits_for_finance_visibly_and_finance_can_try_again()
    {
        _world.Bank.RefundRefusal = new RefundOutcome.Refused("NOTENOUGH", "余额不足");
        var order = await PaidAfterTheCloseAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(20));

        var waiting = await _world.OrderAsync(order);
        (waiting.State, waiting.Review).ShouldBe((OrderState.LatePaid, ReviewReason.RefundRefused));
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain("余额不足");
        (await _world.GuardsAsync()).ShouldBeEmpty();

        _world.Bank.RefundRefusal = null;
        (await _world.RefundAsync(order, waiting.Amount.Value, "finance")).Refusal.ShouldBeNull();
        await _world.PassAsync(TimeSpan.FromSeconds(30));
        (await _world.OrderAsync(order)).State.ShouldBe(OrderState.Refunded);
    }

    [Fact]
    public async Task Money_of_which_the_bank_gave_some_back_itself_is_not_given_back_by_us()
    {
        _world.Bank.Distort = facts => facts with { Refunded = true };
        var order = await PaidAfterTheCloseAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(20));

        (await _world.RefundsAsync(order)).ShouldBeEmpty();
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldStartWith(nameof(ReviewReason.RefundedElsewhere));
    }

    [Fact]
    public async Task Money_that_comes_while_the_close_takes_its_guard_away_has_a_guard_of_its_own()
    {
        var request = await _world.ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        var met = false;
        _world.Tables.BeforeOperation = async operation =>
        {
            if (met || !operation.StartsWith("OpenOrders.Delete", StringComparison.Ordinal))
                return;
            met = true;
            _world.Bank.PayLate(request.OrderId);
            _world.Tables.AfterOperation = written => written.StartsWith("Orders.Update", StringComparison.Ordinal) ? throw new Killed(written) : Task.CompletedTask;
            await Should.ThrowAsync<Killed>(() => _world.Get<Notify>().TakeAsync(World.Merchant, _world.Bank.Notification(request.OrderId), "swiftpass", CancellationToken.None));
            _world.Tables.AfterOperation = null;
        };

        await _world.PassAsync(TimeSpan.FromSeconds(310));
        met.ShouldBeTrue();
        _world.Tables.BeforeOperation = null;
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        await _world.SweepAsync();
        await _world.PassAsync(TimeSpan.FromMinutes(1));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Refunded);
        (await _world.GuardsAsync()).ShouldBeEmpty();
        await _world.ShouldHavePostedOnceAsync(request.OrderId, "the sweep found it by its own guard");
    }

    private async Task<OrderId> PaidAfterTheCloseAsync()
    {
        var request = await _world.ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(310));
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closed);
        _world.Bank.PayLate(request.OrderId);
        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        return request.OrderId;
    }
}
