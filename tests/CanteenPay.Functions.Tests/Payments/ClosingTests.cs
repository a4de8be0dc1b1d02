using CanteenPay.Channels;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>Orders that nobody pays, that are paid late, or about which the bank says little.</summary>
public sealed class ClosingTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_cancel_frees_the_till_at_once_and_the_order_is_closed_at_300_seconds()
    {
        var request = await _world.ShowQrAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(20));
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        _world.Results.ShouldHaveSingleItem().Outcome.ShouldBe(PayOutcome.Closing);

        await _world.PassAsync(TimeSpan.FromSeconds(279));
        _world.Bank.Calls.ShouldNotContain("close");
        await _world.PassAsync(TimeSpan.FromSeconds(2));

        _world.Bank.IsClosed(request.OrderId).ShouldBeTrue();
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closed);
        _world.Results[^1].Outcome.ShouldBe(PayOutcome.Closed);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_screen_that_runs_out_of_time_closes_the_order_without_a_word_of_the_machine()
    {
        var request = await _world.ShowQrAsync();

        await _world.PassAsync(TimeSpan.FromSeconds(131));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closing);
        _world.Results.ShouldHaveSingleItem().Outcome.ShouldBe(PayOutcome.Closing);
    }

    [Fact]
    public async Task Money_that_arrives_while_closing_is_paid()
    {
        var request = await _world.ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(200));
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromSeconds(10));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        _world.Results[^1].Outcome.ShouldBe(PayOutcome.Paid);
    }

    [Fact]
    public async Task Paid_between_the_last_query_and_the_close_is_paid()
    {
        var request = await _world.ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(295));
        _world.Bank.Pay(request.OrderId);
        await _world.PassAsync(TimeSpan.FromSeconds(6));

        _world.Bank.Calls.ShouldContain("close");
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task A_cancel_that_overtakes_its_request_leaves_a_tombstone_that_refuses_it()
    {
        var request = World.Request();

        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.DeviceSaysAsync(request);

        _world.Told().Select(told => told.ShouldBeOfType<PayRefused>().Code).ShouldBe([RefusalCode.Cancelled, RefusalCode.Cancelled]);
        _world.Bank.Calls.ShouldBeEmpty();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_goes_on_as_closing_once_nobody_can_still_be_waiting_for_it()
    {
        _world.Bank.AnswersAreLost = true;
        var request = World.Request();
        await _world.DeviceSaysAsync(request);
        _world.Bank.AnswersAreLost = false;

        await _world.PassAsync(TimeSpan.FromSeconds(5));
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Requested);
        await _world.PassAsync(TimeSpan.FromSeconds(3));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closing);
        _world.Results.ShouldHaveSingleItem().Outcome.ShouldBe(PayOutcome.Closing);
        await _world.PassAsync(TimeSpan.FromSeconds(300));
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Closed);
    }

    [Fact]
    public async Task A_bank_that_stays_silent_from_the_first_close_is_asked_12_times_and_then_a_person_is()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.AnswersAreLost = true;

        await _world.PassAsync(TimeSpan.FromMinutes(30));

        _world.Bank.Calls.Count(call => call == "close").ShouldBe(Order.MaxUnansweredCloses);
        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldStartWith(nameof(ReviewReason.ChannelSilent));
        (await _world.GuardsAsync()).ShouldBeEmpty();

        _world.Bank.AnswersAreLost = false;
        _world.Bank.PayLate(request.OrderId);
        await _world.BankNotifiesAsync(request.OrderId);
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task A_paid_order_whose_close_the_bank_refuses_in_its_own_words_is_found_by_a_query()
    {
        var request = await _world.ShowQrAsync();
        await _world.DeviceSaysAsync(new PayCancel { OrderId = request.OrderId });
        await _world.PassAsync(TimeSpan.FromSeconds(299));
        _world.Bank.PayLate(request.OrderId);
        _world.Bank.CloseRefusal = new CloseOutcome.StillOpen("INVALID_REQUEST", "订单已支付");

        await _world.PassAsync(TimeSpan.FromSeconds(2));

        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task A_bank_that_refuses_to_close_for_ever_is_asked_a_bounded_number_of_times()
    {
        await _world.ShowQrAsync();
        _world.Bank.CloseRefusal = new CloseOutcome.StillOpen("INVALID_REQUEST", "稍后再试");

        await _world.PassAsync(TimeSpan.FromHours(2));

        _world.Bank.Calls.Count(call => call == "close").ShouldBeLessThan(20);
        (await _world.ParkedAsync()).ShouldHaveSingleItem();
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("261120DEVMERCHDEVMACH10123456789")]
    [InlineData("261122N0THERE0DEVMACH10123456789")]
    public async Task A_cancel_of_an_order_that_could_not_be_requested_any_more_is_final_and_leaves_no_tombstone(string id)
    {
        var order = OrderId.Parse(id);

        await _world.DeviceSaysAsync(new PayCancel { OrderId = order });

        _world.Told().ShouldHaveSingleItem().ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.Cancelled, "a machine that was off for days must not ask for ever");
        (await _world.Orders.FindAsync(order, CancellationToken.None)).ShouldBeNull();
    }
}
