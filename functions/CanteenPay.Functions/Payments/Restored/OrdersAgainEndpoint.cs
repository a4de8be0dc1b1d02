using System.Globalization;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Restored;

/// <summary>
/// <c>POST /api/merchants/{merchantId}/orders/restored?day=yyyy-MM-dd&amp;after={orderId}</c>: an operator says that what follows from a merchant's orders was lost. To be repeated with
/// <c>after</c> as long as the answer names a <c>next</c>.
/// </summary>
internal static class OrdersAgainEndpoint
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/merchants/{merchantId}/orders/restored", RestoredAsync).Allow(Role.Operator)
        .AuditsPlainly("merchantId", "day", "orders", "guarded", "posted", "next");

    private static async Task<IResult> RestoredAsync(
        string merchantId, string? day, string? after, HttpContext http, OrdersAgain again, CancellationToken cancellationToken)
    {
        OrderId last = default;
        if (!MerchantId.TryParse(merchantId, null, out var merchant)
            || !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || (after is not null && (!OrderId.TryParse(after, null, out last) || last.Merchant != merchant)))
        {
            return Results.Problem(
                $"'{merchantId}' is not a merchant id, '{day}' not a day such as 2026-11-22, or '{after}' none of its orders.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        var view = await again.GoOnAsync(merchant, date, after is null ? null : last, cancellationToken);
        http.Audit().Changed(before: null, view);
        return view.Next is null ? Results.Ok(view) : Results.Accepted($"/api/merchants/{merchant}/orders/restored?day={day}&after={view.Next}", view);
    }
}
