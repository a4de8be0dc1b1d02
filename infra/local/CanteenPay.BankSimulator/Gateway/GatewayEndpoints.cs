using System.Text;
using CanteenPay.BankSimulator.Bill;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The two addresses that merchants' systems post to.</summary>
internal static class GatewayEndpoints
{
    public static void MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider.GetRequiredService<GatewayServices>();
        var bills = endpoints.ServiceProvider.GetRequiredService<BillService>();

        endpoints.MapPost("/pay/gateway", async context =>
        {
            var body = await RequestBody.ReadAsync(context.Request);
            var calledBy = $"{context.Request.Scheme}://{context.Request.Host}";
            var answer = body is null ? GatewayAnswer.Error("报文过大") : services.Answer(body, calledBy);
            await Write(context, "text/xml; charset=UTF-8", answer);
        });

        endpoints.MapPost("/gateway", async context =>
        {
            var body = await RequestBody.ReadAsync(context.Request);
            var (type, text) = body is null ? ("text/xml", GatewayAnswer.Error("报文过大")) : bills.Answer(body);
            await Write(context, type + "; charset=UTF-8", text);
        });
    }

    private static Task Write(HttpContext context, string contentType, string text)
    {
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted).AsTask();
    }
}
