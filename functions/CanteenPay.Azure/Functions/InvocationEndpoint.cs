using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Azure.Functions;

/// <summary>
/// Takes the host's invocations of one function and answers what the host needs: always a JSON object, because an empty answer hangs the invocation for ever.
/// </summary>
internal sealed partial class InvocationEndpoint(EventFunction function, ILogger<InvocationEndpoint> logger)
{
    /// <summary>A Service Bus message has at most 256 KB, as base64 a third more, and some metadata.</summary>
    internal const int MaxBodyBytes = 2 * 1024 * 1024;

    private static readonly byte[] Succeeded = """{"Outputs":{},"Logs":[],"ReturnValue":null}"""u8.ToArray();
    private static readonly byte[] Failed = """{"error":"The function failed; its log tells why."}"""u8.ToArray();
    private static readonly byte[] TooLarge = """{"error":"The invocation is larger than 2 MiB."}"""u8.ToArray();

    internal async Task HandleAsync(HttpContext http)
    {
        if (!FrontDoor.IsInvocation(http, function.Name))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var cancellationToken = http.RequestAborted;
        var invocationId = http.Request.Headers["X-Azure-Functions-InvocationId"].ToString();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // Counted here, so that the answer is a JSON object as for every other failure.
            limit.MaxRequestBodySize = null;
        }

        try
        {
            if (await ReadBodyAsync(http.Request.Body, cancellationToken) is not { } body)
            {
                LogTooLarge(logger, function.Name, invocationId, MaxBodyBytes);
                await AnswerAsync(http, StatusCodes.Status413PayloadTooLarge, TooLarge);
                return;
            }

            await InvokeAsync(http.RequestServices, body, invocationId, cancellationToken);
            await AnswerAsync(http, StatusCodes.Status200OK, Succeeded);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogAborted(logger, function.Name, invocationId);
        }
        catch (Exception e)
        {
            // The message boundary: the host gives the message back to its queue and tries again.
            LogFailed(logger, e, function.Name, invocationId);
            await AnswerAsync(http, StatusCodes.Status500InternalServerError, Failed);
        }
    }

    private async Task InvokeAsync(IServiceProvider services, ReadOnlyMemory<byte> body, string invocationId, CancellationToken cancellationToken)
    {
        using var document = Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("Data", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            throw new FunctionPayloadException("The invocation is no object with 'Data': it is not the Functions host that called.");
        }

        var payload = TriggerPayload.Read(data, function.BindingName);
        var context = TriggerMetadata.Read(function.Name, invocationId, root.TryGetProperty("Metadata", out var metadata) ? metadata : default) with { Body = payload };
        await function.Invoke(services, payload, context, cancellationToken);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new FunctionPayloadException($"The invocation is not JSON: {e.Message}", e);
        }
    }

    /// <summary>The whole body, which comes chunked and without a length; null when it is too large.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(Stream body, CancellationToken cancellationToken)
    {
        using MemoryStream all = new();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (all.Length + read > MaxBodyBytes)
            {
                return null;
            }

            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static Task AnswerAsync(HttpContext http, int status, byte[] json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        return http.Response.Body.WriteAsync(json, http.RequestAborted).AsTask();
    }

    [LoggerMessage(1801, LogLevel.Error, "Function {Function} failed, invocation {InvocationId}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string function, string invocationId);

    [LoggerMessage(1802, LogLevel.Error, "Function {Function} was sent more than {MaxBytes} bytes, invocation {InvocationId}")]
    private static partial void LogTooLarge(ILogger logger, string function, string invocationId, int maxBytes);

    [LoggerMessage(1803, LogLevel.Warning, "The host went away during function {Function}, invocation {InvocationId}")]
    private static partial void LogAborted(ILogger logger, string function, string invocationId);
}
