using System.Text.Json;
using CanteenPay.BankSimulator.Control;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>Chaos on order: for all, for one order, for the next one, and a gateway that is down.</summary>
internal static class ChaosEndpoints
{
    public static void MapChaos(this IEndpointRouteBuilder endpoints)
    {
        var chaos = endpoints.ServiceProvider.GetRequiredService<ChaosBoard>();
        var control = endpoints.MapGroup("/control");

        control.MapGet("/chaos", context => WriteState(context, chaos));

        control.MapPut("/chaos", async context =>
        {
            if (await ReadAsync(context) is not { } wanted)
                return;
            chaos.Set(wanted);
            await WriteState(context, chaos);
        });

        control.MapDelete("/chaos", context =>
        {
            chaos.Calm();
            return WriteState(context, chaos);
        });

        // Before the order of the same name: no real order number is that short.
        control.MapPost("/orders/next/chaos", async context =>
        {
            if (await ReadAsync(context) is not { } wanted)
                return;
            chaos.SetForNext(wanted);
            await context.WriteAsync(ChaosJson.Write(wanted), ControlJson.Readable.JsonObject);
        });

        control.MapPost("/orders/{outTradeNo:maxlength(32)}/chaos", async context =>
        {
            if (await ReadAsync(context) is not { } wanted)
                return;
            chaos.SetFor(context.OrderNumber(), wanted);
            await context.WriteAsync(ChaosJson.Write(wanted), ControlJson.Readable.JsonObject);
        });

        control.MapPost("/down", async context =>
        {
            if (await context.ReadCommandAsync(ControlJson.Readable.DownCommand) is not { } command)
                return;
            if (command.Ms < 0 || command.Ms > ChaosJson.MaxDelay.TotalMilliseconds)
            {
                await context.RefuseAsync($"ms must be 0 to {ChaosJson.MaxDelay.TotalMilliseconds}");
                return;
            }

            chaos.GoDown(TimeSpan.FromMilliseconds(command.Ms));
            await WriteState(context, chaos);
        });
    }

    private static async Task<ChaosSettings?> ReadAsync(HttpContext context)
    {
        if (await context.ReadCommandAsync(ControlJson.Readable.JsonObject) is not { } json)
            return null;
        try
        {
            return ChaosJson.Read(json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // An ArgumentException is a name that stands there twice, which a JsonObject notices only when it is looked at.
            await context.RefuseAsync(e.Message);
            return null;
        }
    }

    private static Task WriteState(HttpContext context, ChaosBoard chaos) => context.WriteAsync(ChaosJson.Write(chaos.State), ControlJson.Readable.JsonObject);
}
