using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Control;

/// <summary>What the control endpoints have in common: reading a command, answering it, refusing it in words.</summary>
internal static class ControlHttp
{
    /// <summary>Answers for the order that the address names; 404 when there is none.</summary>
    public static Task WithOrder(this HttpContext context, OrderBook book, Func<BankOrder, Task> answer)
    {
        if (book.FindAnywhere(context.OrderNumber()) is { } order)
            return answer(order);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public static string OrderNumber(this HttpContext context) => (string)context.Request.RouteValues["outTradeNo"]!;

    /// <summary>The body; null when it made no sense, which is then answered.</summary>
    public static async Task<T?> ReadCommandAsync<T>(this HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await context.Request.ReadFromJsonAsync(type, context.RequestAborted) is { } value)
                return value;
            await context.RefuseAsync("the body is empty");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            await context.RefuseAsync(e.Message);
        }

        return null;
    }

    public static Task RefuseAsync(this HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.WriteAsync(new CommandResult(why), ControlJson.Readable.CommandResult);
    }

    public static Task WriteAsync<T>(this HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);
}
