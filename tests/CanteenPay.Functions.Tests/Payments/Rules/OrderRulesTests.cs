using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments.Rules;

public sealed class OrderRulesTests
{
    [Theory]
    [InlineData(nameof(OrderState.Requested))]
    [InlineData(nameof(OrderState.AwaitingPayment))]
    [InlineData(nameof(OrderState.Closing))]
    public void An_open_order_that_the_channel_says_is_paid_is_paid(string state)
    {
        var order = Sample.Awaiting with { State = Enum.Parse<OrderState>(state) };

        var paid = Sample.Apply(order, Sample.Payment());

        paid.State.ShouldBe(OrderState.Paid);
        paid.Payment!.ChannelTransactionNo.ShouldBe("T1");
        paid.SettlementDate.ShouldBe(new DateOnly(2026, 11, 22));
        paid.Review.ShouldBeNull();
    }

    [Fact]
    public void Late_money_on_a_closed_or_failed_order_is_late_paid_and_owed_back()
    {
        foreach (var order in new[] { Sample.Closed, Sample.Failed })
        {
            var late = Sample.Apply(order, Sample.Payment());

            late.State.ShouldBe(OrderState.LatePaid);
            late.OwesAutomaticRefund.ShouldBeTrue();
            late.Outcome.ShouldBe(PayOutcome.Refunding);
        }
    }

    [Theory]
    [InlineData(1249, Sample.ChannelMerchant, "CNY", null, nameof(ReviewReason.AmountDiffers))]
    [InlineData(1250, "7551000002", "CNY", null, nameof(ReviewReason.MerchantDiffers))]
    [InlineData(1250, Sample.ChannelMerchant, "USD", null, nameof(ReviewReason.CurrencyDiffers))]
    [InlineData(1250, Sample.ChannelMerchant, "CNY", "261122DEVMERCHDEVMACH1ZZZZZZZZZZ", nameof(ReviewReason.MerchantDiffers))]
    public void A_payment_that_differs_from_the_order_is_parked_and_never_paid(long fen, string merchant, string currency, string? order, string reason)
    {
        var after = Sample.Apply(Sample.Awaiting, Sample.Payment(fen, merchant, currency, order: order));

        after.State.ShouldBe(OrderState.Closing, "nobody may be shown its QR any longer");
        after.Payment.ShouldBeNull();
        after.Review.ShouldBe(Enum.Parse<ReviewReason>(reason));
        after.NeedsStep.ShouldBeTrue("it is closed like any other");
    }

    [Fact]
    public void An_order_under_review_still_takes_the_right_payment_and_the_review_stays() =>
        Sample.Apply(Sample.Awaiting, Sample.Payment(fen: 1), Sample.Payment()).ShouldSatisfyAllConditions(
            order => order.State.ShouldBe(OrderState.Paid),
            order => order.Review.ShouldBe(ReviewReason.AmountDiffers));

    [Fact]
    public void A_payment_that_the_bank_had_given_back_before_it_was_first_seen_is_recorded_and_looked_at()
    {
        var after = Sample.Apply(Sample.Awaiting, new OrderEvent.PaymentConfirmed(Sample.Payment().Confirmed with { RefundedSince = true }));

        after.State.ShouldBe(OrderState.Paid);
        after.Review.ShouldBe(ReviewReason.RefundedElsewhere);
        MachineAnswers.For(after, true, Sample.Noon.AddSeconds(10))!.Message.ShouldBeOfType<PayResult>().Say.ShouldBeNull();
    }

    [Fact]
    public void A_second_payment_of_a_paid_order_is_parked_and_changes_nothing_else()
    {
        var after = Sample.Apply(Sample.Paid, Sample.Payment(transaction: "T2"));

        after.ShouldBe(Sample.Paid with { Review = ReviewReason.PaidTwice });
    }

    [Fact]
    public void Giving_up_closes_an_order_that_is_open_and_none_that_has_ended()
    {
        Sample.Apply(Sample.Requested, new OrderEvent.GivenUp()).State.ShouldBe(OrderState.Closing);
        Sample.Apply(Sample.Awaiting, new OrderEvent.GivenUp()).State.ShouldBe(OrderState.Closing);
        Sample.Apply(Sample.Paid, new OrderEvent.GivenUp()).ShouldBe(Sample.Paid);
        Sample.Apply(Sample.Closed, new OrderEvent.GivenUp()).ShouldBe(Sample.Closed);
    }

    [Fact]
    public void Once_a_QR_was_shown_only_a_definite_answer_ends_the_order()
    {
        OrderEvent[] unclear = [new OrderEvent.CloseUnanswered(), new OrderEvent.CreateRefused("x"), new OrderEvent.GivenUp()];
        foreach (var happened in unclear)
            Sample.Apply(Sample.Awaiting, happened).State.IsOpen().ShouldBeTrue();
        Sample.Apply(Sample.Awaiting, new OrderEvent.ClosedAtChannel()).State.ShouldBe(OrderState.Closed);
    }

    [Fact]
    public void Twelve_unanswered_closes_park_the_order_and_it_still_takes_its_payment()
    {
        var eleven = Sample.Apply(Sample.Closing, [.. Enumerable.Repeat(new OrderEvent.CloseUnanswered(), Order.MaxUnansweredCloses - 1)]);
        eleven.NeedsStep.ShouldBeTrue();

        var twelve = Sample.Apply(eleven, new OrderEvent.CloseUnanswered());

        twelve.Review.ShouldBe(ReviewReason.ChannelSilent);
        twelve.NeedsStep.ShouldBeFalse();
        Sample.Apply(twelve, Sample.Payment()).State.ShouldBe(OrderState.Paid);
    }

    [Theory]
    [InlineData("00:00", "2026-11-22T00:00:00+08:00", "2026-11-22")]
    [InlineData("00:00", "2026-11-22T23:59:59+08:00", "2026-11-22")]
    [InlineData("01:00", "2026-11-22T00:59:59+08:00", "2026-11-21")]
    [InlineData("01:00", "2026-11-22T01:00:00+08:00", "2026-11-22")]
    [InlineData("23:30", "2026-11-22T12:00:00+08:00", "2026-11-22")]
    [InlineData("23:30", "2026-11-22T23:29:59+08:00", "2026-11-22")]
    [InlineData("23:30", "2026-11-22T23:30:00+08:00", "2026-11-23")]
    public void The_settlement_date_and_its_rate_follow_the_channels_time_and_cut_off(string cutOff, string paidAt, string date)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var rates = RateCalendar.Empty.With(new(2026, 11, 1), new(60, 20)).With(new(2026, 11, 22), new(55, 18)).With(new(2026, 11, 23), new(38, 30));
        var paid = OrderRules.Apply(Sample.Awaiting, Sample.Payment(at: DateTimeOffset.Parse(paidAt, culture)), TimeOnly.Parse(cutOff, culture).ToTimeSpan(), rates);

        paid.SettlementDate.ShouldBe(DateOnly.Parse(date, culture));
        new FeeRate(paid.FeeRateBasisPoints, paid.BankCostBasisPoints).ShouldBe(rates.On(paid.SettlementDate!.Value));
    }
}
