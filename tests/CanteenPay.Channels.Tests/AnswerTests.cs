namespace CanteenPay.Channels.Tests;

/// <summary>What queries, closes and refunds mean.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("pay.weixin.jspay", Wallet.WeChat)]
    [InlineData("pay.weixin.jspayv3.f6", Wallet.WeChat)]
    [InlineData("pay.alipay.native", Wallet.Alipay)]
    [InlineData("pay.unionpay.jspay", Wallet.UnionPay)]
    [InlineData("pay.decp.native", Wallet.Other)]
    [InlineData("", Wallet.Other)]
    public async Task A_paid_order_comes_with_its_facts_word_for_word(string tradeType, Wallet wallet)
    {
        var outcome = await QueryAsync(Documents.Payment(
            Orders.No, ("trade_state", "SUCCESS"), ("trade_type", tradeType), ("total_fee", "999"), ("fee_type", "USD"), ("attach", "a&b ]]> <饭>"), ("new_field_of_tomorrow", "x]]>&")));

        outcome.ShouldBe(new PaymentOutcome.Paid(new PaymentFacts
        {
            AmountFen = 999,
            Currency = "USD",
            MerchantId = Accounts.MerchantId,
            OrderNo = Orders.No,
            Wallet = wallet,
            ChannelTransactionNo = "755100000120261122",
            WalletTransactionNo = "4200001",
            PaidAt = new DateTimeOffset(2026, 11, 22, 12, 1, 2, TimeSpan.FromHours(8)),
            Attach = "a&b ]]> <饭>",
        }));
        outcome.Answer.ShouldBe(ChannelAnswer.ConfirmedSuccess);
    }

    [Fact]
    public async Task A_refunded_order_was_paid()
    {
        var outcome = await QueryAsync(Documents.Payment(Orders.No, ("trade_state", "REFUND")));

        outcome.ShouldBeOfType<PaymentOutcome.Paid>().Facts.Refunded.ShouldBeTrue();
    }

    [Fact]
    public async Task No_currency_means_CNY_and_a_missing_time_end_is_taken_from_gmt_payment()
    {
        var outcome = await QueryAsync(Documents.Payment(Orders.No, ("trade_state", "SUCCESS"), ("fee_type", ""), ("time_end", ""), ("gmt_payment", "2026-11-22 12:00:00")));

        var facts = outcome.ShouldBeOfType<PaymentOutcome.Paid>().Facts;
        facts.Currency.ShouldBe("CNY");
        facts.PaidAt.ShouldBe(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(8)));
    }

    [Theory]
    [InlineData("total_fee", "")]
    [InlineData("total_fee", "0")]
    [InlineData("total_fee", "-1250")]
    [InlineData("total_fee", "12.50")]
    [InlineData("total_fee", "1,250")]
    [InlineData("total_fee", " 1250")]
    [InlineData("total_fee", "99999999999999999999")]
    [InlineData("transaction_id", "")]
    [InlineData("time_end", "")]
    [InlineData("time_end", "20261322120102")]
    public async Task Paid_without_a_fact_that_money_depends_on_is_unknown(string field, string value) =>
        (await QueryAsync(Documents.Payment(Orders.No, ("trade_state", "SUCCESS"), (field, value))))
            .ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.BadDocument);

    [Theory]
    [InlineData("SUCCESS")]
    [InlineData("REFUND")]
    [InlineData("CLOSED")]
    [InlineData("NOTPAY")]
    public async Task An_answer_about_another_order_is_a_mismatch(string state) =>
        (await QueryAsync(Documents.Payment("ANOTHER", ("trade_state", state))))
            .ShouldBeOfType<PaymentOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Mismatch);

    [Theory]
    [InlineData("NOTPAY", ChannelAnswer.Waiting)]
    [InlineData("USERPAYING", ChannelAnswer.Waiting)]
    [InlineData("CLOSED", ChannelAnswer.ConfirmedFailure)]
    [InlineData("REVERSE", ChannelAnswer.ConfirmedFailure)]
    [InlineData("REVOK", ChannelAnswer.ConfirmedFailure)]
    [InlineData("REVOKED", ChannelAnswer.ConfirmedFailure)]
    [InlineData("PAYERROR", ChannelAnswer.Waiting)]
    [InlineData("success", ChannelAnswer.Unknown)]
    [InlineData("ACCEPT", ChannelAnswer.Unknown)]
    [InlineData("", ChannelAnswer.Unknown)]
    public async Task Each_state_is_worth_what_it_says_and_a_new_one_nothing(string state, ChannelAnswer answer) =>
        (await QueryAsync(("out_trade_no", Orders.No), ("trade_state", state))).Answer.ShouldBe(answer);

    [Fact]
    public async Task A_final_failure_has_to_name_the_order_and_waiting_need_not()
    {
        (await QueryAsync(("trade_state", "CLOSED"))).Answer.ShouldBe(ChannelAnswer.Unknown);
        (await QueryAsync(("trade_state", "NOTPAY"))).Answer.ShouldBe(ChannelAnswer.Waiting);
    }

    [Fact]
    public async Task An_order_that_the_bank_does_not_know_is_not_found_and_that_is_not_final()
    {
        var outcome = await QueryAsync(("result_code", "1"), ("err_code", "ORDERNOTEXIST"), ("err_msg", "订单不存在"));

        outcome.ShouldBe(new PaymentOutcome.NotFound("ORDERNOTEXIST", "订单不存在"));
        outcome.Answer.ShouldBe(ChannelAnswer.Waiting);
    }

    [Fact]
    public async Task Any_other_error_at_a_query_is_unknown_even_with_a_state_beside_it()
    {
        (await QueryAsync(("result_code", "1"), ("err_code", "SYSTEMERROR"))).Answer.ShouldBe(ChannelAnswer.Unknown);
        (await QueryAsync(Documents.Payment(Orders.No, ("result_code", "1"), ("trade_state", "SUCCESS")))).Answer.ShouldBe(ChannelAnswer.Unknown);
        (await QueryAsync(Documents.Payment(Orders.No, ("result_code", ""), ("trade_state", "SUCCESS")))).Answer.ShouldBe(ChannelAnswer.Unknown);
    }

    [Theory]
    [InlineData("0", "", typeof(CloseOutcome.Closed))]
    [InlineData("1", "ORDERCLOSED", typeof(CloseOutcome.Closed))]
    [InlineData("1", "ORDERPAID", typeof(CloseOutcome.AlreadyPaid))]
    [InlineData("1", "ORDERNOTEXIST", typeof(CloseOutcome.NotFound))]
    [InlineData("1", "INVALID_REQUEST", typeof(CloseOutcome.StillOpen))]
    [InlineData("1", "SYSTEMERROR", typeof(CloseOutcome.Unknown))]
    [InlineData("1", "", typeof(CloseOutcome.Unknown))]
    public async Task A_close_is_one_of_its_outcomes(string result, string code, Type outcome)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), ("result_code", result), ("err_code", code)));

        (await gateway.Channel().CloseAsync(Accounts.Md5(gateway.Url), Orders.No, CancellationToken.None)).ShouldBeOfType(outcome);
    }

    [Theory]
    [InlineData("0", "", "R1", "", typeof(RefundOutcome.Waiting))]
    [InlineData("0", "", "R2", "", typeof(RefundOutcome.Unknown))]
    [InlineData("0", "", "", "", typeof(RefundOutcome.Unknown))]
    [InlineData("1", "REFUND_FEE_EXCEED", "", "", typeof(RefundOutcome.Refused))]
    [InlineData("1", "REFUND_FEE_EXCEED", "", "Y", typeof(RefundOutcome.Unknown))]
    [InlineData("1", "ORDERNOTEXIST", "", "", typeof(RefundOutcome.NotFound))]
    [InlineData("1", "SYSTEMERROR", "", "", typeof(RefundOutcome.Unknown))]
    public async Task A_refund_that_was_taken_is_not_yet_one_that_was_made(string result, string code, string refundNo, string needQuery, Type outcome)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(
            Accounts.Md5(), ("result_code", result), ("err_code", code), ("out_refund_no", refundNo), ("need_query", needQuery), ("refund_id", "B1")));

        (await gateway.Channel().RefundAsync(Accounts.Md5(gateway.Url), Orders.Refund(), CancellationToken.None)).ShouldBeOfType(outcome);
        var request = gateway.Requests.Single();
        request["total_fee"].ShouldBe("1250");
        request["refund_fee"].ShouldBe("250");
        request["op_user_id"].ShouldBe(Accounts.MerchantId);
        request["refund_channel"].ShouldBe("ORIGINAL");
    }

    [Theory]
    [InlineData("SUCCESS", ChannelAnswer.ConfirmedSuccess)]
    [InlineData("PROCESSING", ChannelAnswer.Waiting)]
    [InlineData("FAIL", ChannelAnswer.ConfirmedFailure)]
    [InlineData("CHANGE", ChannelAnswer.ConfirmedFailure)]
    [InlineData("NOTSURE", ChannelAnswer.Unknown)]
    [InlineData("", ChannelAnswer.Unknown)]
    public async Task A_refund_is_found_among_others_and_its_state_counts(string state, ChannelAnswer answer)
    {
        var outcome = await QueryRefundAsync(
            ("refund_count", "2"),
            ("out_refund_no_0", "R0"), ("refund_fee_0", "1"), ("refund_status_0", "SUCCESS"),
            ("out_refund_no_1", "R1"), ("refund_fee_1", "250"), ("refund_id_1", "B1"), ("refund_time_1", "20261122130000"), ("refund_status_1", state));

        outcome.Answer.ShouldBe(answer);
        if (outcome is RefundOutcome.Refunded refunded)
        {
            refunded.Facts.ShouldBe(new RefundFacts
            {
                RefundNo = "R1",
                OrderNo = Orders.No,
                RefundFen = 250,
                ChannelRefundNo = "B1",
                RefundedAt = new DateTimeOffset(2026, 11, 22, 13, 0, 0, TimeSpan.FromHours(8)),
            });
        }
    }

    [Fact]
    public async Task A_refund_query_without_our_refund_is_no_answer_and_an_unknown_refund_may_be_asked_for_again()
    {
        (await QueryRefundAsync(("refund_count", "1"), ("out_refund_no_0", "R0"), ("refund_status_0", "SUCCESS"), ("refund_fee_0", "250")))
            .ShouldBeOfType<RefundOutcome.Unknown>().Doubt.Kind.ShouldBe(DoubtKind.Mismatch);
        (await QueryRefundAsync(("refund_count", "999999999"))).Answer.ShouldBe(ChannelAnswer.Unknown);
        (await QueryRefundAsync(("result_code", "1"), ("err_code", "REFUNDNOTEXIST"))).ShouldBeOfType<RefundOutcome.NotFound>();
        (await QueryRefundAsync(("result_code", "1"), ("err_code", "SYSTEMERROR"))).Answer.ShouldBe(ChannelAnswer.Unknown);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1251)]
    public async Task A_refund_of_nothing_or_of_more_than_was_paid_is_never_asked_for(long fen)
    {
        await using var gateway = await CannedGateway.AnsweringAsync([]);

        await Should.ThrowAsync<ArgumentException>(() => gateway.Channel().RefundAsync(Accounts.Md5(gateway.Url), Orders.Refund(fen: fen), CancellationToken.None));
        gateway.Requests.ShouldBeEmpty();
    }

    private static async Task<PaymentOutcome> QueryAsync(params (string Name, string Value)[] fields)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Rsa(), fields));
        return await gateway.Channel().QueryAsync(Accounts.Rsa(gateway.Url), Orders.No, CancellationToken.None);
    }

    private static async Task<RefundOutcome> QueryRefundAsync(params (string Name, string Value)[] fields)
    {
        await using var gateway = await CannedGateway.AnsweringAsync(Documents.Signed(Accounts.Md5(), fields));
        return await gateway.Channel().QueryRefundAsync(Accounts.Md5(gateway.Url), Orders.Refund(), CancellationToken.None);
    }
}
