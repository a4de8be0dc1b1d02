using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Payments.Rules;

/// <summary>An order of ¥12.50 at five past noon, and what may happen to it.</summary>
internal static class Sample
{
    public const string ChannelMerchant = "7551000001";

    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 5, 0, TimeSpan.FromHours(8));
    public static readonly OrderId Id = OrderId.Parse("261122DEVMERCHDEVMACH10123456789");

    public static readonly Order Requested = new()
    {
        Id = Id,
        State = OrderState.Requested,
        Amount = new Fen(1250),
        Kind = PayRequest.MealKind,
        Channel = "swiftpass",
        ChannelMerchantId = ChannelMerchant,
        RequestedAt = Noon,
        CreatedAt = Noon,
        ExpiresAt = Noon.AddSeconds(120),
        OpenKey = new("00", $"202611220405-{Id}"),
    };

    public static readonly Order Awaiting = Apply(Requested, new OrderEvent.QrIssued("https://bank/q/1"));
    public static readonly Order Closing = Apply(Awaiting, new OrderEvent.GivenUp());
    public static readonly Order Closed = Apply(Closing, new OrderEvent.ClosedAtChannel());
    public static readonly Order Failed = Apply(Requested, new OrderEvent.CreateRefused("商户未开通"));
    public static readonly Order Paid = Apply(Awaiting, Payment());

    public static OrderEvent.PaymentConfirmed Payment(
        long fen = 1250, string merchant = ChannelMerchant, string currency = "CNY", string transaction = "T1", string? order = null, DateTimeOffset? at = null) =>
        new(new(order ?? Id.Value, merchant, new Fen(fen), currency, new(Wallet.Alipay, at ?? Noon.AddSeconds(9), transaction, "W1")));

    public static Order Apply(Order order, params OrderEvent[] events) =>
        events.Aggregate(order, (current, happened) => OrderRules.Apply(current, happened, TimeSpan.Zero, RateCalendar.Empty));
}
