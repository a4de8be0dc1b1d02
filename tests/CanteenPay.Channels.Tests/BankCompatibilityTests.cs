namespace CanteenPay.Channels.Tests;

/// <summary>The real adapter against a bank that shares no code with it, over loopback HTTP, by MD5 and by RSA.</summary>
public sealed class BankCompatibilityTests : IAsyncLifetime
{
    private LocalBank _bank = null!;

    // 5 minutes become 3 s, a refund 30 ms.
    public async Task InitializeAsync() => _bank = await LocalBank.StartAsync(timeScale: 0.01, timeout: TimeSpan.FromSeconds(20));

    public async Task DisposeAsync() => await _bank.DisposeAsync();

    public static TheoryData<string> SignTypes { get; } = ["MD5", "RSA"];

    [Theory]
    [MemberData(nameof(SignTypes))]
    public async Task An_order_goes_from_QR_to_paid_to_notified_to_refunded(string signType)
    {
        var (account, order) = (_bank.Account(signType), _bank.Create());

        var qr = (await _bank.Channel.CreateQrOrderAsync(account, order, default)).ShouldBeOfType<CreateOutcome.Created>().QrText;
        (await _bank.Channel.QueryAsync(account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Waiting>().Code.ShouldBe("NOTPAY");
        using (var pay = await _bank.Http.PostAsync(qr, new FormUrlEncodedContent([new("wallet", "alipay"), new("do", "pay")])))
            ((int)pay.StatusCode).ShouldBe(302);

        var paid = (await _bank.Channel.QueryAsync(account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.Paid>().Facts;
        paid.AmountFen.ShouldBe(order.AmountFen);
        paid.MerchantId.ShouldBe(account.MerchantId);
        paid.OrderNo.ShouldBe(order.OrderNo);
        paid.Currency.ShouldBe("CNY");
        paid.Wallet.ShouldBe(Wallet.Alipay);
        paid.Refunded.ShouldBeFalse();
        paid.Attach.ShouldBe(order.Attach);

        await Eventually.Until(() => !_bank.Notifications.IsEmpty);
        _bank.Notifications.TryPeek(out var body).ShouldBeTrue();
        _bank.Channel.ReadNotification(account, body).ShouldBe(new NotificationOutcome.Paid(paid));

        var refund = Orders.Refund(order.OrderNo);
        (await _bank.Channel.QueryRefundAsync(account, refund, default)).ShouldBeOfType<RefundOutcome.NotFound>();
        (await _bank.Channel.RefundAsync(account, refund, default)).ShouldBeOfType<RefundOutcome.Waiting>();
        RefundOutcome outcome = null!;
        await Eventually.Until(async () => (outcome = await _bank.Channel.QueryRefundAsync(account, refund, default)).Answer is not ChannelAnswer.Waiting);
        var refunded = outcome.ShouldBeOfType<RefundOutcome.Refunded>().Facts;
        refunded.RefundFen.ShouldBe(250);
        refunded.RefundedAt.ShouldNotBeNull();
        (await _bank.Channel.QueryAsync(account, order.OrderNo, default)).ShouldBe(new PaymentOutcome.Paid(paid with { Refunded = true }));
        (await _bank.Channel.RefundAsync(account, Orders.Refund(order.OrderNo, fen: 1250, refundNo: "R9"), default)).ShouldBeOfType<RefundOutcome.Refused>();
    }

    [Theory]
    [MemberData(nameof(SignTypes))]
    public async Task A_second_order_of_one_number_is_a_duplicate_without_a_QR(string signType)
    {
        var (account, order) = (_bank.Account(signType), _bank.Create());
        await _bank.Channel.CreateQrOrderAsync(account, order, default);

        (await _bank.Channel.CreateQrOrderAsync(account, order, default)).ShouldBeOfType<CreateOutcome.DuplicateOrderNumber>().Code.ShouldBe("INVALID_REQUEST");
    }

    [Fact]
    public async Task An_order_cannot_be_closed_at_once_then_it_can_and_nobody_pays_it_any_more()
    {
        var (account, order) = (_bank.Account("MD5"), _bank.Create());
        var qr = (await _bank.Channel.CreateQrOrderAsync(account, order, default)).ShouldBeOfType<CreateOutcome.Created>().QrText;

        (await _bank.Channel.CloseAsync(account, order.OrderNo, default)).ShouldBeOfType<CloseOutcome.StillOpen>();
        CloseOutcome outcome = null!;
        await Eventually.Until(async () => (outcome = await _bank.Channel.CloseAsync(account, order.OrderNo, default)).Answer is not ChannelAnswer.Waiting);
        outcome.ShouldBeOfType<CloseOutcome.Closed>();
        (await _bank.Channel.CloseAsync(account, order.OrderNo, default)).ShouldBeOfType<CloseOutcome.Closed>("closing twice is closed");

        using var pay = await _bank.Http.PostAsync(qr, new FormUrlEncodedContent([new("wallet", "wechat"), new("do", "pay")]));
        (await _bank.Channel.QueryAsync(account, order.OrderNo, default)).ShouldBeOfType<PaymentOutcome.NotPaid>().Code.ShouldBe("CLOSED");
    }

    [Fact]
    public async Task A_paid_order_cannot_be_closed_and_an_unknown_one_is_not_found()
    {
        var (account, order) = (_bank.Account("MD5"), _bank.Create());
        await _bank.Channel.CreateQrOrderAsync(account, order, default);
        await _bank.PayAsync(order.OrderNo);

        (await _bank.Channel.CloseAsync(account, order.OrderNo, default)).ShouldBeOfType<CloseOutcome.AlreadyPaid>();
        (await _bank.Channel.QueryAsync(account, "NOSUCHORDER", default)).ShouldBeOfType<PaymentOutcome.NotFound>();
        (await _bank.Channel.CloseAsync(account, "NOSUCHORDER", default)).ShouldBeOfType<CloseOutcome.NotFound>();
    }

    [Fact]
    public async Task A_wrong_key_is_an_error_of_the_channel_and_says_nothing_about_the_order()
    {
        var outcome = await _bank.Channel.QueryAsync(_bank.Account("MD5") with { Key = "wrong" }, Orders.No, default);

        outcome.ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.ChannelError);
    }
}
