using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>Money that is not what its order waits for: kept for a person, never announced.</summary>
public sealed class DifferingPaymentTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("amount")]
    [InlineData("merchant")]
    [InlineData("currency")]
    public async Task A_payment_that_differs_from_the_order_is_parked_never_paid(string what)
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Distort = facts => what switch
        {
            "amount" => facts with { AmountFen = 1 },
            "merchant" => facts with { MerchantId = "7551000002" },
            _ => facts with { Currency = "USD" },
        };
        _world.Bank.Pay(request.OrderId);

        await _world.BankNotifiesAsync(request.OrderId);
        await _world.PassAsync(TimeSpan.FromMinutes(30));

        (await _world.OrderAsync(request.OrderId)).State.ShouldNotBe(OrderState.Paid);
        (await _world.ParkedAsync()).Count.ShouldBe(1);
        _world.Results.ShouldNotContain(result => result.Outcome == PayOutcome.Paid);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_notification_for_an_order_that_is_not_known_is_kept_for_a_person()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        var other = OrderId.New(new DateOnly(2026, 11, 22), World.Merchant, World.Machine);
        _world.Bank.Distort = facts => facts with { OrderNo = other.Value };

        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();

        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain(other.Value);
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.AwaitingPayment);
    }

    [Fact]
    public async Task The_payment_that_differs_is_kept_with_its_own_amount_and_number_each_one()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        _world.Bank.Distort = facts => facts with { AmountFen = 1, ChannelTransactionNo = "FIRST" };
        await _world.PassAsync(TimeSpan.FromSeconds(3));
        _world.Bank.Distort = facts => facts with { AmountFen = 2, ChannelTransactionNo = "SECOND" };
        await _world.BankNotifiesAsync(request.OrderId);

        var kept = await _world.ParkedAsync();
        kept.Select(item => item.ItemId).ShouldBe([$"{request.OrderId}-AmountDiffers-FIRST", $"{request.OrderId}-AmountDiffers-SECOND"], ignoreOrder: true);
        kept[0].Reason.ShouldContain("0.01 CNY");
        kept[0].Body.ToString().ShouldContain("\"channelTransactionNo\":\"FIRST\"");
    }

    /// <summary>Found by a random story: another amount, told long after the end, made a guard that no sweep took away within its first minutes.</summary>
    [Fact]
    public async Task What_the_bank_says_of_an_order_that_was_paid_rightly_guards_it_no_more()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        await _world.BankNotifiesAsync(request.OrderId);
        _world.Bank.Distort = facts => facts with { AmountFen = 1 };

        await _world.BankNotifiesAsync(request.OrderId);

        (await _world.ParkedAsync()).ShouldHaveSingleItem().ItemId.ShouldContain("AmountDiffers");
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
        (await _world.GuardsAsync()).ShouldBeEmpty();
    }
}
