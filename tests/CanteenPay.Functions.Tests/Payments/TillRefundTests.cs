using CanteenPay.Channels;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments;

/// <summary>A manager gives money back at the till.</summary>
public sealed class TillRefundTests : IDisposable
{
    private const string Key = "0123456789";

    private readonly World _world = new();

    private IReadOnlyList<PayRefundResult> Answers => [.. _world.Told().OfType<PayRefundResult>()];

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task It_is_answered_at_once_and_said_when_the_money_went_back()
    {
        var request = await PaidAsync();
        await AskAsync(request);
        Answers.ShouldHaveSingleItem().Progress.ShouldBe(RefundProgress.Pending);

        await _world.PassAsync(TimeSpan.FromSeconds(10));

        var end = Answers[^1];
        (end.Progress, end.Amount, end.RefundedSoFar, end.RefundKey).ShouldBe((RefundProgress.Refunded, new Fen(1250), new Fen(1250), Key));
        end.Say.ShouldBe("十二点五元已退款");
        _world.Results[^1].Outcome.ShouldBe(PayOutcome.Refunded);
    }

    [Fact]
    public async Task However_often_the_machine_asks_it_is_one_refund_and_old_news_is_not_to_be_spoken()
    {
        var request = await PaidAsync();
        for (var asked = 0; asked < 4; asked++)
        {
            await AskAsync(request);
            await _world.PassAsync(TimeSpan.FromSeconds(30));
        }

        _world.Bank.RefundCount(request.OrderId).ShouldBe(1);
        Answers[^1].Progress.ShouldBe(RefundProgress.Refunded);
        Answers[^1].Say.ShouldBeNull();
    }

    [Fact]
    public async Task The_day_after_it_is_refused_with_words()
    {
        var request = await PaidAsync();
        await _world.PassAsync(TimeSpan.FromHours(12));

        await AskAsync(request);

        var answer = Answers.ShouldHaveSingleItem();
        (answer.Progress, answer.Code).ShouldBe((RefundProgress.Refused, RefusalCode.RefundNotAllowed));
        answer.Message!.Zh.ShouldContain("当日");
        _world.Bank.Calls.ShouldNotContain("refund");
    }

    [Fact]
    public async Task A_refund_that_takes_days_is_told_as_pending_and_then_as_refunded_never_as_refused()
    {
        _world.Bank.RefundTakes = TimeSpan.FromDays(5);
        var request = await PaidAsync();
        await AskAsync(request);
        await _world.PassAsync(TimeSpan.FromDays(4));
        await AskAsync(request);
        Answers.ShouldAllBe(answer => answer.Progress == RefundProgress.Pending);

        await _world.PassAsync(TimeSpan.FromDays(2));
        for (var sweeps = 0; sweeps < 2; sweeps++)
        {
            // The sweep takes up what is older than an hour at full ten minutes only.
            await _world.SweepAsync();
            await _world.PassAsync(TimeSpan.FromMinutes(5));
        }

        await _world.PassAsync(TimeSpan.FromMinutes(5));
        await AskAsync(request);

        Answers[^1].Progress.ShouldBe(RefundProgress.Refunded);
    }

    [Theory]
    [InlineData(0, Key, RefusalCode.RefundTooMuch)]
    [InlineData(-5, Key, RefusalCode.RefundTooMuch)]
    [InlineData(1251, Key, RefusalCode.RefundTooMuch)]
    [InlineData(100, "short", RefusalCode.BadRequest)]
    [InlineData(100, "01234567/9", RefusalCode.BadRequest)]
    public async Task What_cannot_be_is_refused_with_words_and_changes_nothing(long fen, string key, string code)
    {
        var request = await PaidAsync();

        await AskAsync(request, fen, key);

        Answers.ShouldHaveSingleItem().Code.ShouldBe(code);
        (await _world.RefundsAsync(request.OrderId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_copy_of_a_refused_request_begins_no_refund_and_one_of_a_refund_that_runs_is_answered()
    {
        var request = await PaidAsync();
        (await _world.RefundAsync(request.OrderId, 1000)).Refusal.ShouldBeNull();
        await AskAsync(request, 1250);
        Answers.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.RefundTooMuch);
        var sentAt = _world.Clock.GetUtcNow();
        await _world.PassAsync(TimeSpan.FromMinutes(2));

        await _world.DeviceSaysAsync(Ask(request, 250, Key), sentAt: sentAt);
        (await _world.RefundsAsync(request.OrderId)).Count.ShouldBe(1);
        await AskAsync(request, 250);
        await _world.PassAsync(TimeSpan.FromMinutes(2));
        await _world.DeviceSaysAsync(Ask(request, 250, Key), sentAt: sentAt);

        (await _world.RefundsAsync(request.OrderId)).Count.ShouldBe(2);
        Answers[^1].Progress.ShouldBe(RefundProgress.Refunded);
    }

    [Fact]
    public async Task Another_machine_may_not_refund_this_ones_order()
    {
        var request = await PaidAsync();

        await _world.DeviceSaysAsync(Ask(request, 1250, Key), sender: World.OtherMachine);

        (await _world.ParkedAsync()).ShouldHaveSingleItem().Reason.ShouldContain("another machine's");
        _world.Bank.Calls.ShouldNotContain("refund");
    }

    [Fact]
    public async Task What_the_bank_refuses_is_told_in_its_words()
    {
        _world.Bank.RefundRefusal = new RefundOutcome.Refused("NOTENOUGH", "余额不足");
        var request = await PaidAsync();

        await AskAsync(request);
        await _world.PassAsync(TimeSpan.FromSeconds(30));

        var answer = Answers[^1];
        (answer.Progress, answer.Code).ShouldBe((RefundProgress.Refused, RefusalCode.ChannelRefused));
        answer.Message!.Zh.ShouldContain("余额不足");
        (await _world.OrderAsync(request.OrderId)).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task An_order_that_is_not_paid_or_not_known_has_nothing_to_give_back()
    {
        var open = await _world.ShowQrAsync();
        await AskAsync(open);
        await AskAsync(World.Request());

        Answers.Select(answer => answer.Code).ShouldBe([RefusalCode.RefundNotAllowed, RefusalCode.UnknownOrder]);
    }

    private async Task<PayRequest> PaidAsync()
    {
        var request = await _world.ShowQrAsync();
        _world.Bank.Pay(request.OrderId);
        (await _world.BankNotifiesAsync(request.OrderId)).ShouldBeTrue();
        return request;
    }

    private Task AskAsync(PayRequest request, long fen = 1250, string key = Key) => _world.DeviceSaysAsync(Ask(request, fen, key));

    private static PayRefund Ask(PayRequest request, long fen, string key) =>
        new() { OrderId = request.OrderId, RefundKey = key, Amount = new Fen(fen), RequestedAt = World.Noon };
}
