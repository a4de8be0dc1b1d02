using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.Channels.Tests;

/// <summary>What the adapter makes of each fault of the bank over loopback HTTP: never more than is true.</summary>
public sealed class MisbehavingBankTests : IAsyncLifetime
{
    private LocalBank _bank = null!;

    private ChannelAccount Account => _bank.Account("MD5");

    // 5 minutes become 0.3 s.
    public async Task InitializeAsync() => _bank = await LocalBank.StartAsync(timeScale: 0.001, timeout: TimeSpan.FromSeconds(20));

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    [Theory]
    [InlineData("""{"refuseToConnect":1,"times":5}""", DoubtKind.Unreachable)]
    [InlineData("""{"serverError":1,"times":5}""", DoubtKind.HttpStatus)]
    [InlineData("""{"unknown":1,"times":5}""", DoubtKind.Unrecognised)]
    [InlineData("""{"badSignature":1,"times":5}""", DoubtKind.BadSignature)]
    public async Task An_answer_that_is_none_is_unknown_for_every_call(string fault, DoubtKind kind)
    {
        var order = _bank.Create();
        var refund = Orders.Refund(order.OrderNo);
        await _bank.ChaosAsync(JsonNode.Parse(fault)!, order.OrderNo);

        Doubt[] doubts =
        [
            (await _bank.Channel.CreateQrOrderAsync(Account, order, default)).ShouldBeOfType<CreateOutcome.Unknown>().Doubt,
            (await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Unknown>().Doubt,
            (await _bank.Channel.CloseAsync(Account, order.OrderNo, default)).ShouldBeOfType<CloseOutcome.Unknown>().Doubt,
            (await _bank.Channel.RefundAsync(Account, refund, default)).ShouldBeOfType<RefundOutcome.Unknown>().Doubt,
            (await _bank.Channel.QueryRefundAsync(Account, refund, default)).ShouldBeOfType<RefundOutcome.Unknown>().Doubt,
        ];

        doubts.ShouldAllBe(d => d.Kind == kind);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_unknown_and_the_order_is_there()
    {
        await using var bank = await LocalBank.StartAsync(timeScale: 1, timeout: TimeSpan.FromMilliseconds(300));
        var order = bank.Create();
        await bank.ChaosAsync(new { slow = new { share = 1, ms = 60_000 } }, order.OrderNo);

        (await bank.Channel.CreateQrOrderAsync(bank.Account("MD5"), order, default)).ShouldBeOfType<CreateOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.TimedOut);

        (await bank.TruthAsync(order.OrderNo)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_and_the_next_query_knows()
    {
        var order = _bank.Create();
        await _bank.ChaosAsync(new { lostAnswer = 1 }, order.OrderNo);

        (await _bank.Channel.CreateQrOrderAsync(Account, order, default)).ShouldBeOfType<CreateOutcome.Unknown>()
            .Doubt.Kind.ShouldBeOneOf(DoubtKind.HttpStatus, DoubtKind.Unreachable);

        (await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Waiting>();
        (await _bank.Channel.CreateQrOrderAsync(Account, order, default)).ShouldBeOfType<CreateOutcome.DuplicateOrderNumber>();
    }

    [Fact]
    public async Task A_refund_whose_answer_is_lost_is_unknown_then_waits_and_asked_again_is_one_refund()
    {
        var order = await PaidAsync();
        await _bank.ChaosAsync(new { lostAnswer = 1, refundSlow = new { share = 1, ms = 60_000 } }, order.OrderNo);

        (await _bank.Channel.RefundAsync(Account, Orders.Refund(order.OrderNo), default)).ShouldBeOfType<RefundOutcome.Unknown>();
        (await _bank.Channel.QueryRefundAsync(Account, Orders.Refund(order.OrderNo), default)).ShouldBeOfType<RefundOutcome.Waiting>();
        (await _bank.Channel.RefundAsync(Account, Orders.Refund(order.OrderNo), default)).ShouldBeOfType<RefundOutcome.Waiting>();

        (await _bank.TruthAsync(order.OrderNo))!["refundedFen"]!.GetValue<long>().ShouldBe(250);
    }

    [Fact]
    public async Task A_gateway_that_is_down_is_unreachable()
    {
        using (var down = await _bank.Http.PostAsync($"{_bank.Url}/control/down", JsonContent.Create(new { ms = 600_000 })))
            down.EnsureSuccessStatusCode();

        (await _bank.Channel.QueryAsync(Account, Orders.No, default)).ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Unreachable);
    }

    [Fact]
    public async Task Another_merchant_in_a_signed_answer_or_notification_is_a_mismatch()
    {
        await _bank.ChaosAsync(new { wrongMerchant = 1 });
        var order = await PaidAsync();
        await _bank.Channel.RefundAsync(Account, Orders.Refund(order.OrderNo), default);

        (await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Mismatch);
        (await _bank.Channel.QueryRefundAsync(Account, Orders.Refund(order.OrderNo), default)).ShouldBeOfType<RefundOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Mismatch);
        _bank.Channel.ReadNotification(Account, await NotificationAsync()).ShouldBeOfType<NotificationOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Mismatch);
    }

    [Fact]
    public async Task Another_amount_in_a_signed_answer_or_notification_is_handed_on_for_the_caller_to_compare()
    {
        await _bank.ChaosAsync(new { wrongAmount = 1 });
        var order = await PaidAsync();
        await _bank.Channel.RefundAsync(Account, Orders.Refund(order.OrderNo), default);

        (await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Paid>().Facts.AmountFen.ShouldNotBe(order.AmountFen);
        (await RefundEndAsync(order)).ShouldBeOfType<RefundOutcome.Refunded>().Facts.RefundFen.ShouldNotBe(250);
        _bank.Channel.ReadNotification(Account, await NotificationAsync()).ShouldBeOfType<NotificationOutcome.Paid>().Facts.AmountFen.ShouldNotBe(order.AmountFen);
    }

    [Fact]
    public async Task A_doubled_notification_and_one_before_the_create_is_answered_say_the_same_as_the_query()
    {
        var order = _bank.Create();
        await _bank.ChaosAsync(new { notificationTwice = 1, notificationBeforeCreateAnswer = 1 }, order.OrderNo);

        (await _bank.Channel.CreateQrOrderAsync(Account, order, default)).ShouldBeOfType<CreateOutcome.Created>();

        _bank.Notifications.Count.ShouldBe(2, "both were there before the answer");
        var paid = (await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Paid>().Facts;
        paid.AmountFen.ShouldBe(order.AmountFen);
        foreach (var notification in _bank.Notifications)
            _bank.Channel.ReadNotification(Account, notification).ShouldBe(new NotificationOutcome.Paid(paid));
    }

    [Fact]
    public async Task A_payment_in_the_last_second_of_closing_is_already_paid_and_then_paid()
    {
        var order = await CreatedAsync();
        await _bank.ChaosAsync(new { payInLastSecondOfClosing = 1 }, order.OrderNo);

        (await CloseEndAsync(order)).ShouldBeOfType<CloseOutcome.AlreadyPaid>();

        (await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Paid>();
    }

    [Fact]
    public async Task A_payment_after_the_close_is_closed_and_in_the_end_paid()
    {
        var order = await CreatedAsync();
        await _bank.ChaosAsync(new { payAfterClose = 1 }, order.OrderNo);

        (await CloseEndAsync(order)).ShouldBeOfType<CloseOutcome.Closed>();

        PaymentOutcome outcome = null!;
        await Eventually.Until(async () => (outcome = await _bank.Channel.QueryAsync(Account, order.OrderNo, default)).Answer is not ChannelAnswer.ConfirmedFailure);
        outcome.ShouldBeOfType<PaymentOutcome.Paid>().Facts.AmountFen.ShouldBe(order.AmountFen);
        _bank.Channel.ReadNotification(Account, await NotificationAsync()).ShouldBeOfType<NotificationOutcome.Paid>();
    }

    [Fact]
    public async Task A_refused_refund_is_refused_and_the_same_may_be_asked_for_again()
    {
        var order = await PaidAsync();
        await _bank.ChaosAsync(new { refundRefused = 1 }, order.OrderNo);

        (await _bank.Channel.RefundAsync(Account, Orders.Refund(order.OrderNo), default)).ShouldBeOfType<RefundOutcome.Refused>().Code.ShouldBe("NOTENOUGH");

        (await _bank.Channel.QueryRefundAsync(Account, Orders.Refund(order.OrderNo), default)).ShouldBeOfType<RefundOutcome.NotFound>();
        await _bank.Channel.RefundAsync(Account, Orders.Refund(order.OrderNo), default);
        (await RefundEndAsync(order)).ShouldBeOfType<RefundOutcome.Refunded>();
    }

    private async Task<CreateQrOrder> CreatedAsync()
    {
        var order = _bank.Create();
        (await _bank.Channel.CreateQrOrderAsync(Account, order, default)).ShouldBeOfType<CreateOutcome.Created>();
        return order;
    }

    private async Task<CreateQrOrder> PaidAsync()
    {
        var order = await CreatedAsync();
        await _bank.PayAsync(order.OrderNo);
        return order;
    }

    private async Task<byte[]> NotificationAsync()
    {
        await Eventually.Until(() => !_bank.Notifications.IsEmpty);
        return _bank.Notifications.First();
    }

    private async Task<CloseOutcome> CloseEndAsync(CreateQrOrder order)
    {
        CloseOutcome outcome = null!;
        await Eventually.Until(async () => (outcome = await _bank.Channel.CloseAsync(Account, order.OrderNo, default)).Answer is not ChannelAnswer.Waiting);
        return outcome;
    }

    private async Task<RefundOutcome> RefundEndAsync(CreateQrOrder order)
    {
        RefundOutcome outcome = null!;
        await Eventually.Until(async () => (outcome = await _bank.Channel.QueryRefundAsync(Account, Orders.Refund(order.OrderNo), default)).Answer is not ChannelAnswer.Waiting);
        return outcome;
    }
}
