using System.Text;

namespace CanteenPay.Protocol.Tests;

public sealed class MessageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 5, 0, TimeSpan.FromHours(8));
    private static readonly OrderId Order = OrderId.Parse("261122DEVMERCHDEVMACH10123456789");

    public static TheoryData<DeviceMessage> All => new()
    {
        new PayRequest { OrderId = Order, MerchantId = Order.Merchant, Amount = new(1250), RequestedAt = Noon, ExpiresInS = 120, RetryOf = Order },
        new PayCancel { OrderId = Order },
        new PayStatus { OrderId = Order },
        new PayResultAck { OrderId = Order, Outcome = PayOutcome.Paid, Spoken = true, ShownAt = Noon },
        new PayQr { OrderId = Order, Amount = new(1250), Qr = "https://pay.example.com/q/1?a=b&c=汉", ExpiresInS = 119 },
        new PayRefused { OrderId = Order, Code = RefusalCode.Cancelled, Message = new("已取消", "Cancelled") },
        new PayRefund { OrderId = Order, RefundKey = "0123456789", Amount = new(500), RequestedAt = Noon },
        new PayRefundResult { OrderId = Order, RefundKey = "0123456789", Amount = new(500), Progress = RefundProgress.Pending, RefundedSoFar = new(0) },
        new PayRefundResult
        {
            OrderId = Order,
            RefundKey = "0123456789",
            Amount = new(500),
            Progress = RefundProgress.Refused,
            RefundedSoFar = new(300),
            Code = RefusalCode.RefundTooMuch,
            Message = new("超额", "Too much"),
        },
        new PayResult { OrderId = Order, Amount = new(1250), Outcome = PayOutcome.Refunding, RefundedSoFar = new(1) },
        new PayResult { OrderId = Order, Amount = new(1250), Outcome = PayOutcome.Closing },
        new DeviceOffline(),
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Every_message_survives_writing_and_reading(DeviceMessage message)
    {
        var bytes = DeviceMessageJson.Write(message);

        DeviceMessageJson.TryRead(bytes, out var read, out var error).ShouldBeTrue(error);
        read.ShouldBe(message);
    }

    [Fact]
    public void A_paid_result_is_written_as_the_protocol_says()
    {
        var utterance = Utterance.Paid(new(1250), Wallet.Alipay);
        var json = Encoding.UTF8.GetString(DeviceMessageJson.Write(new PayResult
        {
            Id = "X",
            OrderId = Order,
            Amount = new(1250),
            Outcome = PayOutcome.Paid,
            Wallet = Wallet.Alipay,
            PaidAt = Noon,
            AgeMs = 250,
            Say = "一",
            Clips = utterance.ClipIds,
        }));

        json.ShouldContain("\"type\":\"pay-result\"");
        json.ShouldContain("\"outcome\":\"paid\"");
        json.ShouldContain("\"wallet\":\"alipay\"");
        json.ShouldContain("\"amount\":1250");
        json.ShouldContain("\"paidAt\":\"2026-11-22T12:05:00+08:00\"");
        json.ShouldContain("\"clips\":[\"alipay\",\"10\",\"2\",\"point\",\"5\",\"yuan\"]");
    }

    [Theory]
    [InlineData(PayOutcome.Refunding, "refunding")]
    [InlineData(PayOutcome.Refunded, "refunded")]
    public void Late_money_and_what_went_back_are_written_as_the_protocol_says(PayOutcome outcome, string text)
    {
        var json = Encoding.UTF8.GetString(DeviceMessageJson.Write(new PayResult { OrderId = Order, Amount = new(1250), Outcome = outcome, RefundedSoFar = new(500) }));

        json.ShouldContain($"\"outcome\":\"{text}\"");
        json.ShouldContain("\"refundedSoFar\":500");
    }

    [Fact]
    public void A_refund_and_its_result_are_written_as_the_protocol_says()
    {
        var asked = Encoding.UTF8.GetString(DeviceMessageJson.Write(new PayRefund { OrderId = Order, RefundKey = "0123456789", Amount = new(500), RequestedAt = Noon }));
        var done = Encoding.UTF8.GetString(DeviceMessageJson.Write(new PayRefundResult
        {
            OrderId = Order,
            RefundKey = "0123456789",
            Amount = new(500),
            Progress = RefundProgress.Refunded,
            RefundedSoFar = new(800),
            AgeMs = 40,
            Say = "五元已退款",
            Clips = Utterance.Refunded(new(500)).ClipIds,
        }));

        asked.ShouldContain("\"type\":\"pay-refund\"");
        asked.ShouldContain("\"refundKey\":\"0123456789\"");
        asked.ShouldContain("\"requestedAt\":\"2026-11-22T12:05:00+08:00\"");
        done.ShouldContain("\"type\":\"pay-refund-result\"");
        done.ShouldContain("\"progress\":\"refunded\"");
        done.ShouldContain("\"refundedSoFar\":800");
        done.ShouldContain("\"clips\":[\"5\",\"yuan\",\"refunded\"]");
    }

    [Fact]
    public void The_type_may_stand_anywhere_and_unknown_fields_are_ignored()
    {
        var json = $$"""{"orderId":"{{Order}}","new":{"a":[1]},"v":1,"id":"x","type":"pay-cancel"}""";

        DeviceMessageJson.TryRead(Encoding.UTF8.GetBytes(json), out var message, out _).ShouldBeTrue();
        message.ShouldBeOfType<PayCancel>().OrderId.ShouldBe(Order);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"pay-cancel\"}")]
    [InlineData("{\"type\":\"no-such\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\"}")]
    [InlineData("{\"v\":2,\"type\":\"pay-cancel\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\"}")]
    [InlineData("{\"type\":\"pay-cancel\",\"orderId\":null}")]
    [InlineData("{\"type\":\"pay-cancel\",\"orderId\":\"../../x\"}")]
    [InlineData("{\"type\":\"pay-refund\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\",\"refundKey\":\"0123456789\",\"requestedAt\":\"2026-11-22T12:05:00+08:00\"}")]
    [InlineData("{\"type\":\"pay-refund\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\",\"refundKey\":null,\"amount\":1,\"requestedAt\":\"2026-11-22T12:05:00+08:00\"}")]
    [InlineData("{\"type\":\"pay-refund\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\",\"refundKey\":\"0123456789\",\"amount\":1,\"requestedAt\":\"noon\"}")]
    [InlineData("{\"type\":\"pay-refund-result\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\",\"refundKey\":\"0123456789\",\"amount\":1,\"progress\":\"maybe\",\"refundedSoFar\":0}")]
    [InlineData("{\"type\":\"pay-qr\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\",\"amount\":12.5,\"qr\":\"x\",\"expiresInS\":1}")]
    [InlineData("{\"type\":\"pay-qr\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\",\"amount\":\"1250\",\"qr\":\"x\",\"expiresInS\":1}")]
    [InlineData("{\"type\":\"pay-qr\",\"orderId\":\"261122DEVMERCHDEVMACH10123456789\",\"amount\":1250,\"qr\":null,\"expiresInS\":1}")]
    public void What_is_not_a_message_is_refused_with_a_reason(string json)
    {
        DeviceMessageJson.TryRead(Encoding.UTF8.GetBytes(json), out var message, out var error).ShouldBeFalse();
        message.ShouldBeNull();
        error.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void A_message_over_32_KB_is_neither_written_nor_read()
    {
        var large = new PayQr { OrderId = Order, Amount = new(1), Qr = new string('x', DeviceMessageJson.MaxBytes), ExpiresInS = 1 };

        Should.Throw<InvalidOperationException>(() => DeviceMessageJson.Write(large));
        DeviceMessageJson.TryRead(new byte[DeviceMessageJson.MaxBytes + 1], out _, out var error).ShouldBeFalse();
        error.ShouldContain("at most");
    }

    [Theory]
    [InlineData("\"alipay\"", Wallet.Alipay)]
    [InlineData("\"digital-yuan\"", null)]
    [InlineData("null", null)]
    public void A_wallet_that_only_a_newer_cloud_knows_does_not_hide_that_the_money_arrived(string wallet, Wallet? read)
    {
        var json = $$"""{"type":"pay-result","v":1,"orderId":"{{Order.Value}}","amount":1250,"outcome":"paid","wallet":{{wallet}}}""";

        DeviceMessageJson.TryRead(Encoding.UTF8.GetBytes(json), out var message, out var error).ShouldBeTrue(error);

        message.ShouldBeOfType<PayResult>().Wallet.ShouldBe(read);
    }

    [Theory]
    [InlineData("\"paid-twice\"", "\"alipay\"")]
    [InlineData("\"paid\"", "7")]
    public void An_outcome_that_is_not_known_and_a_wallet_that_is_no_text_make_no_message(string outcome, string wallet)
    {
        var json = $$"""{"type":"pay-result","v":1,"orderId":"{{Order.Value}}","amount":1250,"outcome":{{outcome}},"wallet":{{wallet}}}""";

        DeviceMessageJson.TryRead(Encoding.UTF8.GetBytes(json), out _, out var error).ShouldBeFalse();

        error.ShouldNotBeNull();
    }
}
