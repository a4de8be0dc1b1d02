using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>The fields of each request, checked and signed.</summary>
internal static class SwiftPassRequests
{
    private const long MaxFen = 9_999_999_999;

    private static readonly SearchValues<char> NumberCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static byte[] Create(ChannelAccount account, CreateQrOrder request)
    {
        Require(request.AmountFen is > 0 and <= MaxFen, $"The amount must be 1 to {MaxFen} fen, not {request.AmountFen}.", nameof(request));
        Require(Uri.TryCreate(request.NotifyUrl, UriKind.Absolute, out var notify) && notify.Scheme is "http" or "https" && request.NotifyUrl.Length <= 255,
            "The notification address must be an absolute http(s) address of at most 255 characters.", nameof(request));
        Require(IPAddress.TryParse(request.ClientIp, out _), $"'{request.ClientIp}' is not an IP address.", nameof(request));
        Require(request.ExpiresAt > request.StartedAt, "The order expires before it starts.", nameof(request));
        Require(request.DeviceInfo is null or { Length: <= 32 }, "The device info is longer than 32 characters.", nameof(request));
        Require(request.Attach is null || Encoding.UTF8.GetByteCount(request.Attach) <= 127, "The attach text is longer than 127 bytes.", nameof(request));
        var body = WalletText.Fit(request.Body, 127);
        Require(body.Length > 0, "The text for the diner is empty.", nameof(request));
        return Signed(account, "unified.trade.native",
            ("out_trade_no", Number(request.OrderNo)),
            ("body", body),
            ("attach", request.Attach),
            ("device_info", request.DeviceInfo),
            ("total_fee", Digits(request.AmountFen)),
            ("mch_create_ip", request.ClientIp),
            ("notify_url", request.NotifyUrl),
            // Only together do they take effect, and without them an order stays payable for days.
            ("time_start", SwiftPassTime.Format(request.StartedAt)),
            ("time_expire", SwiftPassTime.Format(request.ExpiresAt)));
    }

    public static byte[] Query(ChannelAccount account, string orderNo) =>
        Signed(account, "unified.trade.query", ("out_trade_no", Number(orderNo)));

    public static byte[] Close(ChannelAccount account, string orderNo) =>
        Signed(account, "unified.trade.close", ("out_trade_no", Number(orderNo)));

    public static byte[] Refund(ChannelAccount account, RefundRequest request) => Signed(account, "unified.trade.refund",
        ("out_trade_no", Number(request.OrderNo)),
        ("out_refund_no", CheckedRefundNumber(request)),
        ("total_fee", Digits(request.TotalFen)),
        ("refund_fee", Digits(request.RefundFen)),
        ("op_user_id", request.OperatorId ?? account.MerchantId),
        ("refund_channel", "ORIGINAL"));

    public static byte[] RefundQuery(ChannelAccount account, RefundRequest request) => Signed(account, "unified.trade.refundquery",
        ("out_trade_no", Number(request.OrderNo)),
        ("out_refund_no", CheckedRefundNumber(request)));

    private static string CheckedRefundNumber(RefundRequest request)
    {
        Require(request.TotalFen <= MaxFen && request.RefundFen > 0 && request.RefundFen <= request.TotalFen,
            $"A refund must be 1 fen to the order's total; {request.RefundFen} of {request.TotalFen} is not.", nameof(request));
        Require(request.OperatorId is null or { Length: > 0 and <= 32 }, "The operator must have 1 to 32 characters.", nameof(request));
        return Number(request.RefundNo);
    }

    private static byte[] Signed(ChannelAccount account, string service, params ReadOnlySpan<(string Name, string? Value)> own)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = service,
            ["version"] = "2.0",
            ["charset"] = "UTF-8",
            ["sign_type"] = SwiftPassSignature.NameOf(account.SignType),
            ["mch_id"] = account.MerchantId,
            ["nonce_str"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
        };
        if (account.SignAgentNo is { Length: > 0 } agent)
            fields["sign_agentno"] = agent;
        foreach (var (name, value) in own)
        {
            if (!string.IsNullOrEmpty(value))
                fields[name] = value;
        }

        fields[SwiftPassSignature.Field] = SwiftPassSignature.Sign(account, fields);
        return SwiftPassXml.Write(fields);
    }

    private static string Number(string number)
    {
        Require(number.Length is > 0 and <= 32 && !number.AsSpan().ContainsAnyExcept(NumberCharacters),
            "An order or refund number has 1 to 32 characters of A–Z a–z 0–9 _ -.", nameof(number));
        return number;
    }

    private static string Digits(long fen) => fen.ToString(CultureInfo.InvariantCulture);

    private static void Require(bool condition, string message, string name)
    {
        if (!condition)
            throw new ArgumentException(message, name);
    }
}
