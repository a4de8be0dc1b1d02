namespace CanteenPay.Channels.SwiftPass;

/// <summary>
/// The gateway's error codes, in one place. Only <c>INVALID_REQUEST</c> with "201 商户订单号重复" was read in public sources;
/// the others are the WeChat family's names, which the gateway passes on: confirm them with the bank before going live.
/// A code that is not here never decides anything.
/// </summary>
internal static class SwiftPassCodes
{
    private const string InvalidRequest = "INVALID_REQUEST";

    private static readonly HashSet<string> OrderUnknown = ["ORDERNOTEXIST", "ORDER_NOT_EXIST", "TRADE_NOT_EXIST", "ACQ.TRADE_NOT_EXIST"];

    private static readonly HashSet<string> RefundUnknown = ["REFUNDNOTEXIST", "REFUND_NOT_EXIST"];

    private static readonly HashSet<string> OrderPaid = ["ORDERPAID", "ORDER_PAID", "TRADE_HAS_SUCCESS"];

    private static readonly HashSet<string> OrderClosed = ["ORDERCLOSED", "ORDER_CLOSED", "TRADE_HAS_CLOSE"];

    private static readonly HashSet<string> NumberUsed = ["OUT_TRADE_NO_USED"];

    /// <summary>Refusals of a create that leave no order behind: the account or the request is wrong and will stay wrong.</summary>
    private static readonly HashSet<string> CreateRefused =
    [
        "NOAUTH", "AUTH_ERROR", "MCHID_NOT_EXIST", "APPID_NOT_EXIST", "APPID_MCHID_NOT_MATCH",
        "LACK_PARAMS", "PARAM_ERROR", "NOT_UTF8", "XML_FORMAT_ERROR", "TRADE_LIMIT", "ACCOUNT_LIMITED",
    ];

    /// <summary>Refusals of a refund that repeating will not change.</summary>
    private static readonly HashSet<string> RefundRefused =
    [
        "REFUND_FEE_MISMATCH", "REFUND_FEE_EXCEED", "TRADE_OVERDUE", "NOTENOUGH", "ERROR_AMOUNT", "TRADE_STATE_ERROR",
        "NOAUTH", "AUTH_ERROR", "MCHID_NOT_EXIST", "LACK_PARAMS", "PARAM_ERROR", "USER_ACCOUNT_ABNORMAL", InvalidRequest,
    ];

    /// <summary>The gateway holds no order of this number.</summary>
    public static bool MeansOrderUnknown(string code) => OrderUnknown.Contains(code);

    /// <summary>The gateway holds no refund of this number.</summary>
    public static bool MeansRefundUnknown(string code) => RefundUnknown.Contains(code) || OrderUnknown.Contains(code);

    /// <summary>The order was paid.</summary>
    public static bool MeansPaid(string code) => OrderPaid.Contains(code);

    /// <summary>The order was closed before.</summary>
    public static bool MeansClosed(string code) => OrderClosed.Contains(code);

    /// <summary>A create found an order of this number, whatever became of it since.</summary>
    public static bool MeansDuplicate(string code, string message) =>
        NumberUsed.Contains(code) || OrderPaid.Contains(code) || OrderClosed.Contains(code)
        || (string.Equals(code, InvalidRequest, StringComparison.Ordinal)
            && (message.StartsWith("201", StringComparison.Ordinal) || message.Contains("商户订单号重复", StringComparison.Ordinal)));

    /// <summary>A create that left no order behind.</summary>
    public static bool MeansCreateRefused(string code) => CreateRefused.Contains(code);

    /// <summary>A close that came too early.</summary>
    public static bool MeansNotClosable(string code) => string.Equals(code, InvalidRequest, StringComparison.Ordinal);

    /// <summary>A refund that will never be made.</summary>
    public static bool MeansRefundRefused(string code) => RefundRefused.Contains(code);
}
