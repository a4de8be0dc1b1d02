using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CanteenPay.BankSimulator.Notify;
using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Control;

/// <summary>What tests steer the bank by.</summary>
internal static class ControlEndpoints
{
    private const int MaxListed = 200;

    public static void MapControl(this IEndpointRouteBuilder endpoints)
    {
        var book = endpoints.ServiceProvider.GetRequiredService<OrderBook>();
        var desk = endpoints.ServiceProvider.GetRequiredService<PaymentDesk>();
        var notifier = endpoints.ServiceProvider.GetRequiredService<Notifier>();
        var control = endpoints.MapGroup("/control");

        control.MapGet("/orders", context =>
            Write(context, [.. book.Latest(MaxListed).Select(OrderView.Of)], ControlJson.Readable.IReadOnlyListOrderView));

        control.MapGet("/orders/{outTradeNo}", context => WithOrder(context, book, order =>
            Write(context, OrderView.Of(order), ControlJson.Readable.OrderView)));

        control.MapPut("/notifications", async context =>
        {
            if (await ReadAsync(context, ControlJson.Readable.NotificationSwitch) is { } wanted)
            {
                notifier.Enabled = wanted.Enabled;
                await Write(context, wanted, ControlJson.Readable.NotificationSwitch);
            }
        });

        control.MapPost("/orders/{outTradeNo}/pay", context => WithOrder(context, book, async order =>
        {
            if (await ReadAsync(context, ControlJson.Readable.PayCommand) is not { } command)
                return;
            if (WalletOfPhone.Parse(command.Wallet) is { } wallet)
                await Write(context, new CommandResult(desk.Pay(order.Token, wallet).ToString()), ControlJson.Readable.CommandResult);
            else
                await RefuseAsync(context, "wallet must be wechat or alipay");
        }));

        control.MapPost("/orders/{outTradeNo}/notify", context => WithOrder(context, book, async order =>
        {
            if (order.Payment is null)
                await RefuseAsync(context, "the order is not paid: there is nothing to notify");
            else
                await Write(context, new CommandResult(await notifier.SendAsync(order.Token, context.RequestAborted) ? "success" : "failed"), ControlJson.Readable.CommandResult);
        }));
    }

    private static Task WithOrder(HttpContext context, OrderBook book, Func<BankOrder, Task> answer)
    {
        if (book.FindAnywhere((string)context.Request.RouteValues["outTradeNo"]!) is { } order)
            return answer(order);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await context.Request.ReadFromJsonAsync(type, context.RequestAborted) is { } value)
                return value;
            await RefuseAsync(context, "the body is empty");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            await RefuseAsync(context, e.Message);
        }

        return null;
    }

    private static Task RefuseAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Write(context, new CommandResult(why), ControlJson.Readable.CommandResult);
    }

    private static Task Write<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);
}
