using System.Text.Json;
using CanteenPay.LocalCloud.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary><c>POST /devices</c> <c>{"id","merchant"}</c>: what in Azure registers a machine as a client of the broker, once the product has drawn its number.</summary>
internal static class MachineEndpoint
{
    private const int MostBytes = 4 * 1024;

    internal static void Map(IEndpointRouteBuilder endpoints, Machines machines, Placeholders placeholders) => endpoints.MapPost("/devices", async context =>
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostBytes;
        string refusal;
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, CloudConfigJson.Default.Device, context.RequestAborted) is { } device)
            {
                machines.Admit([device.Filled(placeholders)]);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            refusal = "The body is null.";
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException or LocalCloudException)
        {
            refusal = exception.Message;
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(refusal, context.RequestAborted);
    });
}
