using System.Text.Json;

namespace CanteenPay.LocalCloud.Otlp;

/// <summary>
/// Takes what programs send by OTLP over http/protobuf, <c>POST /v1/traces</c> and <c>/v1/metrics</c>, and shows a payment's trace: <c>GET /traces/{order}</c> for people, <c>GET /traces/{order}.json</c> for programs.
/// </summary>
internal sealed class OtlpEndpoints(SpanBook spans, MetricBook metrics)
{
    private const int MaxBytes = 4 * 1024 * 1024;

    internal void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/traces", context => TakeAsync(context, body => spans.Add(SpanReader.Read(body))));
        endpoints.MapPost("/v1/metrics", context => TakeAsync(context, body => metrics.Add(MetricReader.Read(body))));
        endpoints.MapGet("/traces/{order}.json", context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            return JsonSerializer.SerializeAsync(context.Response.Body, Asked(context), SpanJson.Default.IReadOnlyListSpan, context.RequestAborted);
        });
        endpoints.MapGet("/traces/{order}", context =>
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync(TraceTree.Write(Asked(context)), context.RequestAborted);
        });
    }

    private IReadOnlyList<Span> Asked(HttpContext context) => spans.OfOrder((string)context.GetRouteValue("order")!);

    private static async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        try
        {
            take(body.Length <= MaxBytes ? body.ToArray() : throw new InvalidDataException($"More than {MaxBytes} bytes."));
            context.Response.ContentType = "application/x-protobuf";
        }
        catch (InvalidDataException e)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(e.Message, context.RequestAborted);
        }
    }
}
