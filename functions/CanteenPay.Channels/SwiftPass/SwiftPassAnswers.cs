using System.Globalization;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>What a checked document means. Only a known, complete answer about the right order is definite; everything else is a doubt.</summary>
internal static class SwiftPassAnswers
{
    /// <summary>Most partial refunds that a refund query is searched for.</summary>
    private const int MaxRefunds = 50;

    public static PaymentOutcome OfQuery(SwiftPassReply reply, string orderNo)
    {
        if (!reply.Succeeded)
        {
            return reply.MismatchOf("out_trade_no", orderNo, required: false) is { } other ? new PaymentOutcome.Unknown(other)
                : SwiftPassCodes.MeansOrderUnknown(reply.ErrorCode) ? new PaymentOutcome.NotFound(reply.ErrorCode, reply.ErrorMessage)
                : new PaymentOutcome.Unknown(reply.Unclear());
        }

        var state = reply["trade_state"] ?? "none";
        var description = SwiftPassReply.OneLine(reply["trade_state_desc"] ?? "");
        switch (state)
        {
            case "SUCCESS" or "REFUND":
                var (facts, doubt) = SwiftPassPayment.Read(reply, refunded: state is "REFUND");
                doubt ??= reply.MismatchOf("out_trade_no", orderNo, required: true);
                return doubt is null ? new PaymentOutcome.Paid(facts!) : new PaymentOutcome.Unknown(doubt);
            case "CLOSED" or "REVERSE" or "REVOK" or "REVOKED":
                return reply.MismatchOf("out_trade_no", orderNo, required: true) is { } other
                    ? new PaymentOutcome.Unknown(other)
                    : new PaymentOutcome.NotPaid(state, description);
            // A payment that failed (PAYERROR) ends a barcode payment, but under a QR the diner may try again: the close ends it.
            case "NOTPAY" or "USERPAYING" or "PAYERROR":
                return reply.MismatchOf("out_trade_no", orderNo, required: false) is { } another
                    ? new PaymentOutcome.Unknown(another)
                    : new PaymentOutcome.Waiting(state, description);
            default:
                return new PaymentOutcome.Unknown(new Doubt(DoubtKind.Unrecognised, SwiftPassReply.OneLine(state), description));
        }
    }

    public static CloseOutcome OfClose(SwiftPassReply reply, string orderNo)
    {
        if (reply.MismatchOf("out_trade_no", orderNo, required: false) is { } other)
            return new CloseOutcome.Unknown(other);
        var (code, message) = (reply.ErrorCode, reply.ErrorMessage);
        return reply.Succeeded || SwiftPassCodes.MeansClosed(code) ? new CloseOutcome.Closed()
            : SwiftPassCodes.MeansPaid(code) ? new CloseOutcome.AlreadyPaid(code, message)
            : SwiftPassCodes.MeansOrderUnknown(code) ? new CloseOutcome.NotFound(code, message)
            : SwiftPassCodes.MeansNotClosable(code) ? new CloseOutcome.StillOpen(code, message)
            : new CloseOutcome.Unknown(reply.Unclear());
    }

    public static RefundOutcome OfRefund(SwiftPassReply reply, RefundRequest request)
    {
        var doubt = reply.MismatchOf("out_trade_no", request.OrderNo, required: false)
            ?? reply.MismatchOf("out_refund_no", request.RefundNo, required: reply.Succeeded);
        if (doubt is not null)
            return new RefundOutcome.Unknown(doubt);
        // Taken is not done: the bank says later, at the refund query, whether the money went back.
        if (reply.Succeeded)
            return new RefundOutcome.Waiting("ACCEPTED", reply["refund_id"]);
        var (code, message) = (reply.ErrorCode, reply.ErrorMessage);
        return SwiftPassCodes.MeansOrderUnknown(code) ? new RefundOutcome.NotFound(code, message)
            : reply["need_query"] is not "Y" && SwiftPassCodes.MeansRefundRefused(code) ? new RefundOutcome.Refused(code, message)
            : new RefundOutcome.Unknown(reply.Unclear());
    }

    public static RefundOutcome OfRefundQuery(SwiftPassReply reply, RefundRequest request)
    {
        if (reply.MismatchOf("out_trade_no", request.OrderNo, required: false) is { } other)
            return new RefundOutcome.Unknown(other);
        if (!reply.Succeeded)
        {
            return SwiftPassCodes.MeansRefundUnknown(reply.ErrorCode)
                ? new RefundOutcome.NotFound(reply.ErrorCode, reply.ErrorMessage)
                : new RefundOutcome.Unknown(reply.Unclear());
        }

        if (!int.TryParse(reply["refund_count"], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxRefunds)
            return new RefundOutcome.Unknown(SwiftPassReply.Unreadable("refund_count"));
        for (var n = 0; n < count; n++)
        {
            if (string.Equals(reply[$"out_refund_no_{n}"], request.RefundNo, StringComparison.Ordinal))
                return OfRefundState(reply, request, n);
        }

        return new RefundOutcome.Unknown(new Doubt(DoubtKind.Mismatch, "mismatch", $"The answer does not hold the refund {request.RefundNo}."));
    }

    public static NotificationOutcome OfNotification(SwiftPassReply reply)
    {
        // Absent counts as failed: a payment is only what says so in full.
        if (!reply.Succeeded || reply["pay_result"] is not "0")
        {
            return new NotificationOutcome.NotAPayment(
                reply["out_trade_no"], reply.ErrorCode, reply["pay_info"] is { } info ? SwiftPassReply.OneLine(info) : reply.ErrorMessage);
        }

        var (facts, doubt) = SwiftPassPayment.Read(reply, refunded: false);
        return doubt is null ? new NotificationOutcome.Paid(facts!) : new NotificationOutcome.Unknown(doubt);
    }

    private static RefundOutcome OfRefundState(SwiftPassReply reply, RefundRequest request, int n)
    {
        var state = reply[$"refund_status_{n}"] ?? "none";
        switch (state)
        {
            case "SUCCESS":
                return reply.Fen($"refund_fee_{n}") is { } fen
                    ? new RefundOutcome.Refunded(new RefundFacts
                    {
                        RefundNo = request.RefundNo,
                        OrderNo = request.OrderNo,
                        RefundFen = fen,
                        ChannelRefundNo = reply[$"refund_id_{n}"],
                        RefundedAt = SwiftPassTime.Parse(reply[$"refund_time_{n}"]),
                    })
                    : new RefundOutcome.Unknown(SwiftPassReply.Unreadable($"refund_fee_{n}"));
            case "PROCESSING":
                return new RefundOutcome.Waiting(state, reply[$"refund_id_{n}"]);
            case "FAIL":
                return new RefundOutcome.Refused(state, "退款失败");
            case "CHANGE":
                // The diner's card took it back no more; the money lies with the merchant and a person has to hand it over.
                return new RefundOutcome.Refused(state, "退款转入代发，需人工处理");
            default:
                return new RefundOutcome.Unknown(new Doubt(DoubtKind.Unrecognised, SwiftPassReply.OneLine(state), "The refund's state is not definite."));
        }
    }
}
