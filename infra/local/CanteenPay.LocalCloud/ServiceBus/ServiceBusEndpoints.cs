using System.Globalization;
using System.Security;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>Service Bus over REST: send, batch, schedule, peek-lock receive, settle.</summary>
internal static class ServiceBusEndpoints
{
    private static readonly TimeSpan LongestReceive = TimeSpan.FromSeconds(60);

    /// <summary>Maps <c>/{queue}/messages</c> and what lies below it, every request checked against <paramref name="sas"/>.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, QueueStore queues, SasOptions sas, TimeProvider time)
    {
        On("POST", "/{queue}/messages", SendAsync);
        foreach (var address in (ReadOnlySpan<string>)["/{queue}", "/{queue}/$deadletterqueue"])
        {
            On("POST", address + "/messages/head", ReceiveAsync);
            On("DELETE", address + "/messages/{id}/{lockToken}", (context, store) => SettleAsync(context, store.Complete));
            On("PUT", address + "/messages/{id}/{lockToken}", (context, store) => SettleAsync(context, store.Abandon));
            On("POST", address + "/messages/{id}/{lockToken}", (context, store) => SettleAsync(context, (at, token) => store.Renew(at, token) is not null));
        }

        void On(string method, string pattern, Func<HttpContext, QueueStore, Task> serve) =>
            endpoints.MapMethods(pattern, [method], (RequestDelegate)(context => GuardAsync(context, queues, sas, time, serve)));
    }

    private static async Task GuardAsync(HttpContext context, QueueStore queues, SasOptions sas, TimeProvider time, Func<HttpContext, QueueStore, Task> serve)
    {
        if (sas.Refuse(context.Request.Headers.Authorization, context.Request.Host, context.Request.Path, time.GetUtcNow()) is { } refusal)
        {
            await ErrorAsync(context, StatusCodes.Status401Unauthorized, refusal);
            return;
        }
        try
        {
            await serve(context, queues);
        }
        catch (QueueException e)
        {
            await ErrorAsync(context, e.Refusal switch
            {
                QueueRefusal.QueueNotFound => StatusCodes.Status410Gone,
                QueueRefusal.TooLarge or QueueRefusal.QuotaExceeded => StatusCodes.Status403Forbidden,
                _ => StatusCodes.Status400BadRequest,
            }, e.Message);
        }
    }

    private static async Task SendAsync(HttpContext context, QueueStore queues)
    {
        var messages = await SentMessages.ReadAsync(context.Request, context.RequestAborted);
        await queues.EnqueueBatchAsync(AddressOf(context), messages, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    private static async Task ReceiveAsync(HttpContext context, QueueStore queues)
    {
        var address = AddressOf(context);
        if (await queues.ReceiveAsync(address, Wait(context.Request.Query["timeout"]), context.RequestAborted) is not { } message)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = string.Create(CultureInfo.InvariantCulture,
            $"{context.Request.Scheme}://{context.Request.Host}/{address}/messages/{message.SequenceNumber}/{message.LockToken}");
        response.Headers["BrokerProperties"] = BrokerProperties.Write(message);
        response.ContentType = message.Message.ContentType;
        foreach (var (name, value) in message.Message.Properties)
            response.Headers[name] = value.ValueKind == JsonValueKind.String ? $"\"{JavaScriptEncoder.Default.Encode(value.GetString()!)}\"" : value.GetRawText();
        await response.Body.WriteAsync(message.Message.Body, context.RequestAborted);
    }

    private static Task SettleAsync(HttpContext context, Func<string, Guid, bool> settle)
    {
        var known = Guid.TryParse((string?)context.GetRouteValue("lockToken"), out var token) && settle(AddressOf(context), token);
        return known ? Task.CompletedTask : ErrorAsync(context, StatusCodes.Status404NotFound, "No message is locked with this token: it was settled, or its lock ran out.");
    }

    private static string AddressOf(HttpContext context)
    {
        var queue = (string)context.GetRouteValue("queue")!;
        return context.Request.Path.StartsWithSegments($"/{queue}/$deadletterqueue", StringComparison.OrdinalIgnoreCase) ? queue + "/$deadletterqueue" : queue;
    }

    private static TimeSpan Wait(string? seconds) => seconds switch
    {
        null => LongestReceive,
        _ when double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var wait) =>
            TimeSpan.FromSeconds(Math.Min(wait, LongestReceive.TotalSeconds)),
        _ => throw new QueueException(QueueRefusal.BadMessage, $"timeout={seconds} is not a number of seconds."),
    };

    private static Task ErrorAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml; charset=utf-8";
        return context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"<Error><Code>{status}</Code><Detail>{SecurityElement.Escape(detail)}</Detail></Error>"));
    }
}
