namespace CanteenPay.Channels.Tests;

/// <summary>Orders and refunds for tests.</summary>
internal static class Orders
{
    public const string No = "261122ABCDEFGH12345678ZYXWVUTSRQ";

    public static CreateQrOrder Create(string orderNo = No) => new()
    {
        OrderNo = orderNo,
        AmountFen = 1250,
        Body = "午餐",
        NotifyUrl = "https://pay.example/notify/swiftpass/7551000001",
        ClientIp = "10.0.0.7",
        StartedAt = new DateTimeOffset(2026, 11, 22, 3, 59, 30, TimeSpan.Zero),
        ExpiresAt = new DateTimeOffset(2026, 11, 22, 4, 4, 30, TimeSpan.Zero),
        DeviceInfo = "M0000001",
    };

    public static RefundRequest Refund(string orderNo = No, long fen = 250, string refundNo = "R1") => new()
    {
        OrderNo = orderNo,
        RefundNo = refundNo,
        TotalFen = 1250,
        RefundFen = fen,
    };
}
