using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Payments.Rules;

public sealed class RefundRulesTests
{
    private static readonly Order Paid = Sample.Paid;

    [Theory]
    [InlineData(OrderState.Requested)]
    [InlineData(OrderState.AwaitingPayment)]
    [InlineData(OrderState.Closing)]
    [InlineData(OrderState.Closed)]
    [InlineData(OrderState.Failed)]
    [InlineData(OrderState.Refunded)]
    public void Only_money_that_is_here_goes_back(object state) =>
        RefundRules.Refusal(Paid with { State = (OrderState)state }, new Fen(1), RefundOrigin.Endpoint, World.Noon).ShouldBe(RefusalCode.RefundNotAllowed);

    [Fact]
    public void A_till_gives_back_on_the_business_day_of_the_payment_only()
    {
        var midnight = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8));
        RefundRules.Refusal(Paid, new Fen(1), RefundOrigin.Till, midnight.AddSeconds(-1)).ShouldBeNull();
        RefundRules.Refusal(Paid, new Fen(1), RefundOrigin.Till, midnight).ShouldBe(RefusalCode.RefundNotAllowed);
        RefundRules.Refusal(Paid, new Fen(1), RefundOrigin.Endpoint, midnight).ShouldBeNull();
    }

    [Fact]
    public void A_payment_of_more_than_a_year_ago_is_beyond_the_channel() =>
        RefundRules.Refusal(Paid, new Fen(1), RefundOrigin.Endpoint, World.Noon.AddDays(365)).ShouldBe(RefusalCode.RefundNotAllowed);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1251)]
    [InlineData(long.MaxValue)]
    public void What_was_not_paid_does_not_go_back(long fen) =>
        RefundRules.Refusal(Paid, new Fen(fen), RefundOrigin.Endpoint, World.Noon).ShouldBe(RefusalCode.RefundTooMuch);

    private enum Happening
    {
        Begin,
        GoBack,
        RefuseAttempt,
        Forget,
        Fail,
        Take,
    }

    /// <summary>Any refunds in any order, none of them asked whether it may: what is not allowed is refused, and the totals hold.</summary>
    [Fact]
    public void Never_more_goes_back_than_was_paid_and_the_fee_only_with_the_money() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            (from late in Gen.Elements(true, false)
             from story in Gen.Elements(Enum.GetValues<Happening>()).Zip(Gen.Choose(1, 900)).ArrayOf()
             select (late, story)).ToArbitrary(),
            told => Holds(told.late, told.story)));

    private static bool Holds(bool late, (Happening What, int Fen)[] story)
    {
        var order = (late ? Paid with { State = OrderState.LatePaid } : Paid) with { BankCostBasisPoints = 20 };
        var bank = ChannelFee.Of(order.Amount, order.BankCostBasisPoints);
        var fee = ChannelFee.Of(order.Amount, order.FeeRateBasisPoints);
        var refunds = new List<Refund>();
        var now = World.Noon;
        foreach (var (what, fen) in story)
        {
            if (what == Happening.Begin && RefundRules.Refusal(order, new Fen(fen), RefundOrigin.Endpoint, World.Noon) is null)
            {
                order = RefundRules.Begin(order, new Fen(fen));
                refunds.Add(NewRefund(order, fen));
            }
            else if (refunds.Count > 0 && what != Happening.Begin)
            {
                var index = fen % refunds.Count;
                now += TimeSpan.FromSeconds(5);
                (order, refunds[index]) = RefundRules.Apply(order, refunds[index], EventOf(what), TimeSpan.Zero, now);
            }

            var back = refunds.Where(refund => refund.State == RefundState.Refunded).Sum(refund => refund.Amount.Value);
            var pending = refunds.Where(refund => refund.IsOpen).Sum(refund => refund.Amount.Value);
            var returned = refunds.Sum(refund => refund.Fee?.Returned.Value ?? 0);
            var bankReturned = refunds.Sum(refund => refund.Fee?.Bank.Returned.Value ?? 0);
            var whole = back == order.Amount.Value;
            if (order.Refunded.Value != back || order.RefundPending.Value != pending || back + pending > order.Amount.Value
                || order.FeeReturned.Value != returned || returned > fee.Value || (whole && returned != fee.Value)
                || order.BankReturned.Value != bankReturned || bankReturned > bank.Value || (whole && bankReturned != bank.Value)
                || (order.State == OrderState.Refunded) != whole
                || (!whole && order.State != (late ? OrderState.LatePaid : back > 0 ? OrderState.PartlyRefunded : OrderState.Paid)))
            {
                return false;
            }
        }

        return true;
    }

    private static RefundEvent EventOf(Happening what) => what switch
    {
        Happening.GoBack => new RefundEvent.MoneyWentBack(World.Noon, null),
        Happening.RefuseAttempt => new RefundEvent.AttemptRefused("X", "no"),
        Happening.Forget => new RefundEvent.NotKnown(),
        Happening.Fail => new RefundEvent.Failed("X", "no"),
        _ => new RefundEvent.Taken("R"),
    };

    private static Refund NewRefund(Order order, int fen) => new()
    {
        Id = new(order.Id, order.RefundCount),
        State = RefundState.Requested,
        Amount = new Fen(fen),
        Origin = RefundOrigin.Endpoint,
        Key = $"{order.RefundCount}",
        CreatedAt = World.Noon,
        OpenKey = new("00", "x"),
    };
}
