using System.Globalization;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>Reads orders: <c>GET /api/orders/{orderId}</c>, <c>GET /api/merchants/{merchantId}/orders?day=yyyy-MM-dd</c>.</summary>
internal static class OrderEndpoints
{
    private const int MostListed = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/orders/{orderId}", FindAsync).Allow(to: [Role.Operator, Role.Finance], own: [Role.Distributor, Role.Merchant], of: Owner.Order("orderId"));
        api.MapGet("/merchants/{merchantId}/orders", ListAsync)
            .Allow(to: [Role.Operator, Role.Finance], own: [Role.Distributor, Role.Merchant], of: Owner.Merchant("merchantId"));
    }

    private static async Task<IResult> FindAsync(string orderId, OrderStore store, CancellationToken cancellationToken)
    {
        if (!OrderId.TryParse(orderId, null, out var id))
            return Results.Problem($"'{orderId}' is not an order id.", statusCode: StatusCodes.Status422UnprocessableEntity);
        return await store.FindAsync(id, cancellationToken) is { } row
            ? Results.Ok(OrderView.Of(row.Order))
            : Results.Problem($"There is no order {id}.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(string merchantId, string? day, OrderStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return Results.Problem($"'{merchantId}' is not a merchant id.", statusCode: StatusCodes.Status422UnprocessableEntity);
        var date = BusinessDay.Of(clock.GetUtcNow());
        if (day is not null && !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
            return Results.Problem($"'{day}' is not a day such as 2026-11-22.", statusCode: StatusCodes.Status422UnprocessableEntity);
        var orders = await store.ListAsync(merchant, date, cancellationToken).Take(MostListed).Select(row => OrderView.Of(row.Order))
            .ToListAsync(cancellationToken);
        return Results.Ok(orders);
    }
}

/// <summary>An order as it is shown to people and programs; amounts in fen.</summary>
internal sealed record OrderView(
    OrderId OrderId,
    MerchantId MerchantId,
    DeviceId DeviceId,
    string State,
    Fen Amount,
    Fen Refunded,
    Fen RefundPending,
    DateTimeOffset CreatedAt,
    string? Wallet,
    DateTimeOffset? PaidAt,
    string? ChannelTransactionNo,
    string? WalletTransactionNo,
    DateOnly? SettlementDate,
    PayOutcome? Acknowledged,
    string? Review)
{
    public static OrderView Of(Order order) => new(
        order.Id,
        order.Merchant,
        order.Device,
        order.State.ToString(),
        order.Amount,
        order.Refunded,
        order.RefundPending,
        BusinessDay.Local(order.CreatedAt),
        order.Payment?.Wallet?.ToString(),
        order.Payment is { } payment ? BusinessDay.Local(payment.PaidAt) : null,
        order.Payment?.ChannelTransactionNo,
        order.Payment?.WalletTransactionNo,
        order.SettlementDate,
        order.Acknowledged,
        order.Review?.ToString());
}
