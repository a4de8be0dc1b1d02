using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Restored;

/// <summary>
/// <c>POST /api/cards/{merchant}/restored</c>: an operator says that rows of the merchant in <c>Cards</c> were put back. Under an <c>Idempotency-Key</c>; 202 until it is done.
/// </summary>
internal static class RestoredEndpoint
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/cards/{merchant}/restored", RestoredAsync).Allow(Role.Operator)
        .AuditsPlainly("merchantId", "version", "done", "booked");

    private static async Task<IResult> RestoredAsync(
        string merchant, HttpContext http, MerchantRegistry merchants, Restoration restoration, CancellationToken cancellationToken)
    {
        var key = http.Request.Headers[OperationReader.KeyHeader].ToString();
        if (!MerchantId.TryParse(merchant, null, out var id) || !OperationReader.IsKey(key))
        {
            return Results.Problem(
                $"'{merchant}' is not a merchant id, or the header {OperationReader.KeyHeader} is no key: 8 to 64 letters, digits and hyphens.",
                statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        if (await merchants.FindAsync(id, cancellationToken) is null)
            return Results.Problem($"There is no merchant {id}.", statusCode: StatusCodes.Status404NotFound);
        var view = await restoration.GoOnAsync(id, key, cancellationToken);
        http.Audit().Changed(before: null, view);
        return view.Done ? Results.Ok(view) : Results.Accepted($"/api/cards/{id}/restored", view);
    }
}
