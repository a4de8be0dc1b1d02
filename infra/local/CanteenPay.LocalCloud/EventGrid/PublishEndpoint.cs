using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Status;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>Event Grid's HTTP publish: <c>POST /mqtt/messages?topic=…&amp;api-version=…</c>.</summary>
internal sealed class PublishEndpoint(IMqttClient broker, string key, MessageHop hop, Counters counters, TimeProvider time, ILogger logger)
{
    private const int MaxPayloadBytes = 512 * 1024;
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(10);

    internal void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/mqtt/messages", HandleAsync);

    private async Task HandleAsync(HttpContext context)
    {
        if (!IsAuthorized(context.Request.Headers.Authorization.ToString()))
        {
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, "The key in the header Authorization is missing or wrong.");
            return;
        }

        var topic = context.Request.Query["topic"].ToString();
        if (Refusal(context.Request, topic) is { } refusal)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, refusal);
            return;
        }

        if (await ReadBodyAsync(context.Request, context.RequestAborted) is not { } payload)
        {
            await AnswerAsync(context, StatusCodes.Status413PayloadTooLarge, $"A message has at most {MaxPayloadBytes} bytes.");
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(BrokerPatience);
        try
        {
            var message = new MqttMessage(topic, payload, IsRetained(context.Request), Expiry(context.Request));
            var accepted = time.GetTimestamp();
            await hop.PassAsync(cancellation => PublishAsync(message, accepted, cancellation), limit.Token);
            counters.Count(Counters.MqttPublish);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.LogError("The broker did not take a message for {Topic} within {Limit}", topic, BrokerPatience);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "The broker did not take the message in time.");
        }
        catch (MqttException exception)
        {
            logger.LogError(exception, "The broker refused a message for {Topic}", topic);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, exception.Message);
        }
    }

    /// <summary>A message that was held back has so much less time left; the broker would count from now.</summary>
    private async Task PublishAsync(MqttMessage message, long accepted, CancellationToken cancellationToken)
    {
        var left = message.Expiry - time.GetElapsedTime(accepted);
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(BrokerPatience);
        // In whole seconds, as MQTT has it.
        var expiry = left is { } rest ? TimeSpan.FromSeconds(Math.Ceiling(rest.TotalSeconds)) : (TimeSpan?)null;
        await broker.PublishAsync(message with { Expiry = expiry }, limit.Token);
    }

    private bool IsAuthorized(string header)
    {
        const string scheme = "SharedAccessKey ";
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim()), Encoding.UTF8.GetBytes(key));
    }

    private static string? Refusal(HttpRequest request, string topic) =>
        string.IsNullOrEmpty(request.Query["api-version"]) ? "The query parameter api-version is missing."
        : TopicRules.Refusal(topic) is { } refused ? refused
        : request.Headers["mqtt-qos"].ToString() is not ("" or "0" or "1") ? "mqtt-qos must be 0 or 1."
        : request.Headers["mqtt-retain"].ToString() is not ("" or "0" or "1") ? "mqtt-retain must be 0 or 1."
        : request.Headers["mqtt-message-expiry"].ToString() is not "" and var expiry && !TryReadSeconds(expiry, out _)
            ? "mqtt-message-expiry must be a whole number of seconds above 0."
        : null;

    private static bool IsRetained(HttpRequest request) => request.Headers["mqtt-retain"].ToString() is "1";

    private static TimeSpan? Expiry(HttpRequest request) =>
        TryReadSeconds(request.Headers["mqtt-message-expiry"].ToString(), out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static bool TryReadSeconds(string text, out uint seconds) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds > 0;

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            body.Write(buffer, 0, count);
            if (body.Length > MaxPayloadBytes)
            {
                return null;
            }
        }

        return body.ToArray();
    }

    private static Task AnswerAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
