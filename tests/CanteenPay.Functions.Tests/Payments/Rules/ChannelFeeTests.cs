using System.Numerics;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Payments.Rules;

public sealed class ChannelFeeTests
{
    [Theory]
    [InlineData(83, 0)]
    [InlineData(84, 1)]
    [InlineData(249, 1)]
    [InlineData(250, 2)]
    [InlineData(416, 2)]
    [InlineData(417, 3)]
    [InlineData(1000, 6)]
    [InlineData(121400, 728)]
    public void The_fee_is_half_up_to_the_fen(long amount, long fee) => ChannelFee.Of(new Fen(amount), 60).ShouldBe(new Fen(fee));

    [Fact]
    public void The_returned_fee_follows_the_running_rule_of_WeChats_statement()
    {
        var (settled, charged) = (new Fen(121400), new Fen(728));
        var (refunded, returned) = (Fen.Zero, Fen.Zero);
        List<long> parts = [];
        foreach (var refund in (long[])[79800, 21800, 19800])
        {
            var part = ChannelFee.Returned(new Fen(refund), settled, refunded, charged, returned);
            parts.Add(part.Value);
            (refunded, returned) = (refunded + new Fen(refund), returned + part);
        }

        parts.ShouldBe([479, 130, 119]);
    }

    [Fact]
    public void However_an_order_is_refunded_the_parts_of_the_fee_add_up_to_the_fee_and_none_is_negative() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from amount in Gen.Choose(1, 9_999_999)
         from rate in Gen.Choose(0, 300)
         from cuts in Gen.Choose(1, amount).ListOf(5)
         select (amount, rate, cuts)).ToArbitrary(),
        story =>
        {
            var settled = new Fen(story.amount);
            var charged = ChannelFee.Of(settled, story.rate);
            var (refunded, returned) = (Fen.Zero, Fen.Zero);
            foreach (var cut in story.cuts.Append(story.amount))
            {
                var refund = new Fen(Math.Min(cut, (settled - refunded).Value));
                if (refund == Fen.Zero)
                    break;
                var part = ChannelFee.Returned(refund, settled, refunded, charged, returned);
                if (part < Fen.Zero)
                    return false;
                (refunded, returned) = (refunded + refund, returned + part);
            }

            return refunded == settled && returned == charged;
        }));

    [Fact]
    public void The_short_way_for_amounts_that_occur_and_the_long_way_for_all_others_give_what_big_integers_give() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(
            (from amount in Amounts
             from rate in Gen.Choose(0, 10_000)
             from part in Gen.Choose(0, 1_000)
             from refunded in Gen.Choose(0, 999)
             from returned in Gen.Choose(0, 1_000)
             select (amount, rate, part, refunded, returned)).ToArbitrary(),
            story =>
            {
                var charged = ChannelFee.Of(new Fen(story.amount), story.rate);
                var refunded = (long)((BigInteger)story.amount * story.refunded / 1_000);
                var refund = Math.Max(1, (long)((BigInteger)(story.amount - refunded) * story.part / 1_000));
                var returned = (long)((BigInteger)charged.Value * story.returned / 1_000);

                return charged.Value == HalfUp((BigInteger)story.amount * story.rate, 10_000)
                    && ChannelFee.Returned(new Fen(refund), new Fen(story.amount), new Fen(refunded), charged, new Fen(returned)).Value
                        == HalfUp((BigInteger)refund * (charged.Value - returned), story.amount - refunded);
            }));

    /// <summary>Those that occur, those around the bounds of the short ways, and the largest that there is.</summary>
    private static Gen<long> Amounts => Gen.OneOf(
        Gen.Choose(1, 10_000_000).Select(fen => (long)fen),
        from bound in Gen.Elements(1L << 31, 1L << 32, long.MaxValue / 20_000, 1L << 62, long.MaxValue - 1_000)
        from beside in Gen.Choose(-1_000, 1_000)
        select bound + beside);

    private static BigInteger HalfUp(BigInteger above, BigInteger below) => (2 * above + below) / (2 * below);

    [Fact]
    public void More_than_is_left_is_a_mistake_of_the_caller() =>
        Should.Throw<ArgumentOutOfRangeException>(() => ChannelFee.Returned(new Fen(3), new Fen(4), new Fen(2), new Fen(1), Fen.Zero));
}
