using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments.Rules;

public sealed class MachineAnswersTests
{
    private static readonly DateTimeOffset PaidAt = Sample.Noon.AddSeconds(9);

    [Fact]
    public void A_paid_order_is_spoken_with_its_wallet_and_amount_and_the_broker_may_hold_it_for_60_seconds_less_its_age_and_what_a_publish_may_take()
    {
        var answer = MachineAnswers.For(Sample.Paid, mayBeSpoken: true, PaidAt.AddSeconds(2.5))!;

        var result = answer.Message.ShouldBeOfType<PayResult>();
        result.Outcome.ShouldBe(PayOutcome.Paid);
        result.Amount.ShouldBe(new Fen(1250));
        result.AgeMs.ShouldBe(2500);
        result.Say.ShouldBe("支付宝收款十二点五元");
        result.Clips.ShouldBe(["alipay", "10", "2", "point", "5", "yuan"]);
        answer.Expiry.ShouldBe(TimeSpan.FromSeconds(45));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(3600, true)]
    [InlineData(1, false)]
    public void A_payment_older_than_a_minute_or_announced_before_is_shown_and_not_spoken(int age, bool mayBeSpoken)
    {
        var answer = MachineAnswers.For(Sample.Paid, mayBeSpoken, PaidAt.AddSeconds(age))!;

        var result = answer.Message.ShouldBeOfType<PayResult>();
        result.Outcome.ShouldBe(PayOutcome.Paid);
        result.Say.ShouldBeNull();
        result.Clips.ShouldBeNull();
    }

    [Fact]
    public void A_channels_clock_that_is_ahead_makes_no_negative_age() =>
        MachineAnswers.For(Sample.Paid, true, PaidAt.AddSeconds(-1))!.Message.ShouldBeOfType<PayResult>().AgeMs.ShouldBe(0);

    [Fact]
    public void Late_money_is_never_spoken_as_paid()
    {
        var late = Sample.Apply(Sample.Closed, Sample.Payment());

        var result = MachineAnswers.For(late, true, PaidAt)!.Message.ShouldBeOfType<PayResult>();
        result.Outcome.ShouldBe(PayOutcome.Refunding);
        result.Say.ShouldBeNull();
    }

    [Fact]
    public void While_the_channel_is_asked_for_a_QR_there_is_nothing_to_say() => MachineAnswers.For(Sample.Requested, true, Sample.Noon).ShouldBeNull();

    [Fact]
    public void A_QR_is_sent_with_the_time_that_remains()
    {
        var answer = MachineAnswers.For(Sample.Awaiting, true, Sample.Noon.AddSeconds(20))!;

        answer.Message.ShouldBeOfType<PayQr>().ExpiresInS.ShouldBe(100);
        answer.Expiry.ShouldBe(TimeSpan.FromSeconds(100));
    }

    [Fact]
    public void A_refused_order_says_why_in_both_languages()
    {
        var refused = MachineAnswers.For(Sample.Failed, true, Sample.Noon)!.Message.ShouldBeOfType<PayRefused>();

        refused.Code.ShouldBe(RefusalCode.ChannelRefused);
        refused.Message.Zh.ShouldContain("商户未开通");
        refused.Message.En.ShouldContain("商户未开通");
    }

    [Fact]
    public void The_request_of_a_cancelled_order_is_refused_as_cancelled() =>
        MachineAnswers.For(Sample.Closed with { OpenKey = null }, true, Sample.Noon)!.Message.ShouldBeOfType<PayRefused>().Code.ShouldBe(RefusalCode.Cancelled);

    [Fact]
    public void Every_refusal_has_words()
    {
        foreach (var code in typeof(RefusalCode).GetFields().Select(field => (string)field.GetRawConstantValue()!).Except([RefusalCode.ChannelRefused]))
            MachineAnswers.Refused(Sample.Id, code).Message.ShouldBeOfType<PayRefused>().Message.Zh.ShouldNotBeEmpty();
    }
}
