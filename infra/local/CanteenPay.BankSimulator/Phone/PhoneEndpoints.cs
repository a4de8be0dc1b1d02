using CanteenPay.BankSimulator.Orders;
using QRCoder;

namespace CanteenPay.BankSimulator.Phone;

/// <summary>The address in the QR: the page a phone opens.</summary>
internal static class PhoneEndpoints
{
    public static void MapPhone(this IEndpointRouteBuilder endpoints)
    {
        var book = endpoints.ServiceProvider.GetRequiredService<OrderBook>();
        var desk = endpoints.ServiceProvider.GetRequiredService<PaymentDesk>();
        var time = endpoints.ServiceProvider.GetRequiredService<TimeProvider>();

        endpoints.MapGet("/q/{token}", context => book.ByToken(Token(context)) is { } order
            ? Write(context, Show(context, order, time.GetUtcNow()))
            : NotFound(context));

        endpoints.MapPost("/q/{token}", async context =>
        {
            if (book.ByToken(Token(context)) is not { } order)
            {
                await NotFound(context);
                return;
            }

            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
            var wallet = WalletOfPhone.Of(context.Request.Headers.UserAgent.ToString(), form["wallet"]);
            var state = form["do"].ToString() switch
            {
                "pay" when wallet is { } paying => StateOf(desk.Pay(order.Token, paying)),
                "give-up" => "given-up",
                _ => null,
            };
            if (state is null)
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            else
                context.Response.Redirect($"{order.Token}?result={state}{(wallet is { } w ? "&wallet=" + WalletOfPhone.NameOf(w) : "")}");
        });

        endpoints.MapGet("/q/{token}/code.svg", async context =>
        {
            if (book.ByToken(Token(context)) is not { } order)
            {
                await NotFound(context);
                return;
            }

            using var code = QRCodeGenerator.GenerateQrCode(order.PayUrl, QRCodeGenerator.ECCLevel.M);
            using var svg = new SvgQRCode(code);
            context.Response.ContentType = "image/svg+xml";
            await context.Response.WriteAsync(svg.GetGraphic(8), context.RequestAborted);
        });
    }

    /// <summary>A result is shown only as far as the order bears it out: an address alone makes no payment.</summary>
    private static string Show(HttpContext context, BankOrder order, DateTimeOffset now)
    {
        var query = context.Request.Query;
        var wallet = WalletOfPhone.Of(context.Request.Headers.UserAgent.ToString(), query["wallet"]);
        var asked = query["result"].ToString();
        if (order.Payment is { } payment)
            return PhonePages.Result(order, payment.Wallet, asked == "success" ? "success" : "already-paid");
        if (order.Closed)
            return PhonePages.Result(order, wallet, "closed");
        if (order.ExpiresAt <= now)
            return PhonePages.Result(order, wallet, "expired");
        if (asked == "given-up")
            return PhonePages.Result(order, wallet, "given-up");
        return wallet is { } known ? PhonePages.Cashier(order, known) : PhonePages.Choose(order);
    }

    private static string StateOf(PayResult result) => result switch
    {
        PayResult.Paid => "success",
        PayResult.AlreadyPaid => "already-paid",
        PayResult.Closed => "closed",
        _ => "expired",
    };

    private static string Token(HttpContext context) => (string)context.Request.RouteValues["token"]!;

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Write(context, PhonePages.Unknown());
    }

    private static Task Write(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}
