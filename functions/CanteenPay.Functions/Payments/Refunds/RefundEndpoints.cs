using System.Buffers;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Refunds;

/// <summary>Gives money back: <c>POST /api/orders/{orderId}/refunds</c> with an <c>Idempotency-Key</c>; <c>GET</c> lists an order's refunds.</summary>
internal static class RefundEndpoints
{
    private const string KeyHeader = "Idempotency-Key";
    private const int MaxKey = 64;
    private const int MaxReason = 200;

    /// <summary>A refund that was begun is not given up because the caller hung up.</summary>
    private static readonly TimeSpan LongestTaking = TimeSpan.FromSeconds(30);

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/orders/{orderId}/refunds", RefundAsync)
            .Allow(to: [Role.Operator, Role.Finance], own: [Role.Merchant], of: Owner.Order("orderId"))
            .AuditsPlainly("amount", "refundId", "orderId", "state", "requestedBy");
        api.MapGet("/orders/{orderId}/refunds", ListAsync)
            .Allow(to: [Role.Operator, Role.Finance], own: [Role.Distributor, Role.Merchant], of: Owner.Order("orderId"));
    }

    private static async Task<IResult> RefundAsync(
        string orderId, HttpRequest http, OrderStore orders, RefundLife life, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http, FunctionsJson.Default.RefundBody, cancellationToken);
        if (body is null)
            return unreadable!;
        var errors = new Dictionary<string, string[]>();
        if (!OrderId.TryParse(orderId, null, out var id))
            errors["orderId"] = [$"'{orderId}' is not an order id."];
        var key = http.Headers[KeyHeader].ToString();
        if (key.Length is 0 or > MaxKey || key.AsSpan().ContainsAnyExcept(KeyCharacters))
            errors[KeyHeader] = [$"The header {KeyHeader} names this refund: 1 to {MaxKey} letters, digits, - and _. The same key is the same refund."];
        if (body.Amount is not { } amount || amount < 1)
            errors["amount"] = ["What goes back, in fen, at least 1."];
        if (body.Reason is { } reason && (reason.Length > MaxReason || reason.Any(char.IsControl)))
            errors["reason"] = [$"At most {MaxReason} characters on one line."];
        if (errors.Count > 0)
            return Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);
        if (await orders.FindAsync(id, cancellationToken) is not { } order)
            return Results.Problem($"There is no order {id}.", statusCode: StatusCodes.Status404NotFound);

        using var limit = new CancellationTokenSource(LongestTaking, clock);
        var (refund, refusal, isNew) = await life.RequestAsync(order, new(RefundOrigin.Endpoint, key, new Fen(body.Amount!.Value), body.Reason), limit.Token);
        if (refund is null)
            return Results.Problem(WordsOf(refusal!, order.Order), statusCode: StatusCodes.Status409Conflict, extensions: [new("code", refusal)]);
        var view = RefundView.Of(refund.Refund);
        if (isNew)
            http.HttpContext.Audit().Changed(null, view);
        else
            http.HttpContext.Audit().Repeats();
        return Results.Accepted($"/api/orders/{id}/refunds", view);
    }

    private static async Task<IResult> ListAsync(string orderId, RefundStore store, CancellationToken cancellationToken) =>
        OrderId.TryParse(orderId, null, out var id)
            ? Results.Ok(await store.ListAsync(id, cancellationToken).Select(row => RefundView.Of(row.Refund)).ToListAsync(cancellationToken))
            : Results.Problem($"'{orderId}' is not an order id.", statusCode: StatusCodes.Status422UnprocessableEntity);

    private static string WordsOf(string refusal, Order order) => refusal switch
    {
        RefusalCode.RefundTooMuch => $"Of order {order.Id}, {order.Amount} yuan, {order.Refunded} went back and {order.RefundPending} are on the way: {order.Refundable} are left.",
        RefusalCode.RefundKeyReused => $"The key was used before for a refund of another amount of order {order.Id}. Use a new key for a new refund.",
        _ => $"Order {order.Id} is {order.State}; what was paid within a year can be refunded, in at most {RefundId.MaxNumber} refunds.",
    };
}

/// <summary>What a refund is asked for with.</summary>
internal sealed record RefundBody
{
    /// <summary>In fen.</summary>
    public long? Amount { get; init; }

    /// <summary>Why, for whoever reads it later.</summary>
    public string? Reason { get; init; }
}

/// <summary>A refund as it is shown to people and programs; amounts in fen.</summary>
internal sealed record RefundView(
    RefundId RefundId,
    OrderId OrderId,
    string State,
    Fen Amount,
    string RequestedBy,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RefundedAt,
    DateOnly? SettlementDate,
    Fen? FeeReturned,
    string ChannelNo,
    string? ChannelRefundNo,
    string? RefusalCode,
    string? RefusalMessage)
{
    public static RefundView Of(Refund refund) => new(
        refund.Id,
        refund.Id.Order,
        refund.State.ToString(),
        refund.Amount,
        refund.Origin.ToString(),
        refund.Reason,
        BusinessDay.Local(refund.CreatedAt),
        refund.RefundedAt is { } at ? BusinessDay.Local(at) : null,
        refund.SettlementDate,
        refund.Fee?.Returned,
        refund.Id.ChannelNo,
        refund.ChannelRefundNo,
        refund.RefusalCode,
        refund.RefusalMessage);
}
