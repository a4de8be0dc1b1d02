using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Tests;

public sealed class NotificationTests
{
    private readonly SwiftPassChannel _channel = new(new HttpClient(), new SwiftPassOptions(), TimeProvider.System);

    [Fact]
    public void A_signed_payment_with_an_unknown_signed_field_is_paid_by_MD5_and_by_RSA()
    {
        foreach (var account in new[] { Accounts.Md5(), Accounts.Rsa() })
        {
            var body = Documents.Signed(account, Documents.Payment(Orders.No, ("pay_result", "0"), ("mch_name", "A&B ]]> 食堂")));

            _channel.ReadNotification(account, body).ShouldBeOfType<NotificationOutcome.Paid>().Facts.AmountFen.ShouldBe(1250);
        }
    }

    [Fact]
    public void A_wrong_amount_that_is_signed_is_passed_on_for_the_caller_to_compare()
    {
        var body = Documents.Signed(Accounts.Md5(), Documents.Payment(Orders.No, ("pay_result", "0"), ("total_fee", "1")));

        _channel.ReadNotification(Accounts.Md5(), body).ShouldBeOfType<NotificationOutcome.Paid>().Facts.AmountFen.ShouldBe(1);
    }

    [Fact]
    public void A_notification_for_another_merchant_is_a_mismatch_even_when_the_same_key_signed_it()
    {
        var body = Documents.Signed(Accounts.Md5() with { MerchantId = "7551000002" }, Documents.Payment(Orders.No, ("pay_result", "0")));

        Doubt(body).Kind.ShouldBe(DoubtKind.Mismatch);
    }

    [Theory]
    [InlineData("pay_result", "1")]
    [InlineData("pay_result", "")]
    [InlineData("result_code", "1")]
    public void A_payment_that_did_not_succeed_ends_nothing(string field, string value)
    {
        var body = Documents.Signed(Accounts.Md5(), Documents.Payment(Orders.No, ("pay_result", "0"), ("err_code", "NOTENOUGH"), (field, value)));

        var outcome = _channel.ReadNotification(Accounts.Md5(), body).ShouldBeOfType<NotificationOutcome.NotAPayment>();
        outcome.OrderNo.ShouldBe(Orders.No);
        outcome.Answer.ShouldBe(ChannelAnswer.Waiting);
    }

    [Fact]
    public void What_is_not_signed_not_complete_or_not_a_document_is_not_believed()
    {
        var payment = Documents.Payment(Orders.No, ("pay_result", "0"));

        Doubt(SwiftPassXml.Write(Documents.Fields(Accounts.Md5(), payment))).Kind.ShouldBe(DoubtKind.BadSignature);
        Doubt(Documents.Signed(Accounts.Md5() with { Key = "guess" }, payment)).Kind.ShouldBe(DoubtKind.BadSignature);
        Doubt(Documents.Signed(Accounts.Md5(), [.. payment, ("status", "1")])).Kind.ShouldBe(DoubtKind.ChannelError);
        Doubt(Documents.Signed(Accounts.Md5(), [.. payment, ("out_trade_no", "")])).Kind.ShouldBe(DoubtKind.BadDocument);
        Doubt([]).Kind.ShouldBe(DoubtKind.BadDocument);
        Doubt("{}"u8.ToArray()).Kind.ShouldBe(DoubtKind.BadDocument);
        Doubt(new byte[SwiftPassXml.MaxBytes + 1]).Kind.ShouldBe(DoubtKind.BadDocument);
    }

    [Fact]
    public void The_reply_is_the_plain_word_that_the_gateway_waits_for()
    {
        _channel.NotificationReply(accepted: true).ShouldBe("success");
        _channel.NotificationReply(accepted: false).ShouldNotBe("success");
    }

    private Doubt Doubt(byte[] body) => _channel.ReadNotification(Accounts.Md5(), body).ShouldBeOfType<NotificationOutcome.Unknown>().Doubt;
}
