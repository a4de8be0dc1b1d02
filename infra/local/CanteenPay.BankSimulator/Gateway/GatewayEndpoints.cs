using System.Text;
using CanteenPay.BankSimulator.Bill;
using CanteenPay.BankSimulator.Chaos;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The two addresses that merchants' systems post to.</summary>
internal static class GatewayEndpoints
{
    private const string Xml = "text/xml; charset=UTF-8";

    public static void MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var gateway = endpoints.ServiceProvider.GetRequiredService<ChaoticGateway>();
        var bills = endpoints.ServiceProvider.GetRequiredService<BillService>();
        var chaos = endpoints.ServiceProvider.GetRequiredService<ChaosBoard>();

        endpoints.MapPost("/pay/gateway", async context =>
        {
            if (chaos.RefusesAsDown())
            {
                context.Abort();
                return;
            }

            var body = await RequestBody.ReadAsync(context.Request);
            var calledBy = $"{context.Request.Scheme}://{context.Request.Host}";
            var reaction = body is null
                ? new Reaction(Manner.Answers, GatewayAnswer.Error("报文过大"))
                : await gateway.AnswerAsync(body, calledBy, context.RequestAborted);
            await Write(context, reaction);
        });

        endpoints.MapPost("/gateway", async context =>
        {
            if (chaos.RefusesAsDown())
            {
                context.Abort();
                return;
            }

            var body = await RequestBody.ReadAsync(context.Request);
            var (type, text) = body is null ? ("text/xml", GatewayAnswer.Error("报文过大")) : bills.Answer(body);
            await Write(context, type + "; charset=UTF-8", Encoding.UTF8.GetBytes(text));
        });
    }

    private static async Task Write(HttpContext context, Reaction reaction)
    {
        var bytes = Encoding.UTF8.GetBytes(reaction.Text);
        switch (reaction.Manner)
        {
            case Manner.Answers:
                await Write(context, Xml, bytes);
                break;
            case Manner.ServerError:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await Write(context, "text/html; charset=UTF-8", "<html><body><h1>500 Internal Server Error</h1></body></html>"u8.ToArray());
                break;
            case Manner.CutsInTheMiddle:
                context.Response.ContentLength = bytes.Length;
                await Write(context, Xml, bytes.AsMemory(0, bytes.Length / 2));
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            default:
                context.Abort();
                break;
        }
    }

    private static Task Write(HttpContext context, string contentType, ReadOnlyMemory<byte> text)
    {
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask();
    }
}
