using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Control;

/// <summary>An order as tests and people see it. Amounts in fen.</summary>
internal sealed record OrderView(
    string OutTradeNo, string MchId, string State, long TotalFee, string PayUrl, string TransactionId, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    string? Wallet, DateTimeOffset? PaidAt, IReadOnlyList<RefundView> Refunds, IReadOnlyList<NotifyAttempt> Notifications)
{
    public static OrderView Of(BankOrder order) => new(
        order.OutTradeNo,
        order.Merchant.MchId,
        order.TradeState,
        order.TotalFee,
        order.PayUrl,
        order.TransactionId,
        order.CreatedAt,
        order.ExpiresAt,
        order.Payment is { } payment ? WalletOfPhone.NameOf(payment.Wallet) : null,
        order.Payment?.PaidAt,
        [.. order.Refunds.Select(r => new RefundView(r.OutRefundNo, r.RefundId, r.RefundFee, r.DoneAt))],
        order.Notifications);
}

/// <summary>A refund as tests and people see it.</summary>
internal sealed record RefundView(string OutRefundNo, string RefundId, long RefundFee, DateTimeOffset DoneAt);

/// <summary>Body of <c>PUT /control/notifications</c>.</summary>
internal sealed record NotificationSwitch(bool Enabled);

/// <summary>Body of <c>POST /control/orders/{outTradeNo}/pay</c>.</summary>
internal sealed record PayCommand(string Wallet);

/// <summary>Answer of <c>POST /control/orders/{outTradeNo}/pay</c> and <c>…/notify</c>.</summary>
internal sealed record CommandResult(string Result);

/// <summary>Content of the ready file.</summary>
internal sealed record ReadyNote(string Url);

/// <summary>The control interface's JSON.</summary>
[JsonSerializable(typeof(IReadOnlyList<OrderView>))]
[JsonSerializable(typeof(NotificationSwitch))]
[JsonSerializable(typeof(PayCommand))]
[JsonSerializable(typeof(CommandResult))]
[JsonSerializable(typeof(ReadyNote))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>With Chinese readable.</summary>
    public static ControlJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    });
}
