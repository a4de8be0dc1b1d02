using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>
/// Azure Resource Manager for the clients of the one namespace: <c>PUT</c>, <c>GET</c> and <c>DELETE {namespace}/clients/{name}?api-version=…</c>. A write is answered
/// before the namespace works by it, as in Azure: who wrote asks until it says <c>Succeeded</c>.
/// </summary>
internal sealed partial class NamespaceEndpoint(Machines machines, string key)
{
    /// <summary>The resource id of the namespace that is played.</summary>
    internal const string NamespaceId = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/local/providers/Microsoft.EventGrid/namespaces/localcloud";

    private const int MostBytes = 16 * 1024;

    internal void Map(IEndpointRouteBuilder endpoints)
    {
        const string route = NamespaceId + "/clients/{name}";
        endpoints.MapPut(route, context => HandleAsync(context, PutAsync));
        endpoints.MapGet(route, context => HandleAsync(context, GetAsync));
        endpoints.MapDelete(route, context => HandleAsync(context, DeleteAsync));
    }

    private async Task HandleAsync(HttpContext context, Func<HttpContext, string, Task> handleAsync)
    {
        if (!IsAuthorized(context.Request.Headers.Authorization.ToString()))
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "AuthenticationFailed", "The key in the header Authorization is missing or wrong.");
        else if (!ApiVersion().IsMatch(context.Request.Query["api-version"].ToString()))
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "MissingApiVersionParameter", "The query parameter api-version is missing or no version, such as 2025-02-15.");
        else
            await handleAsync(context, (string)context.GetRouteValue("name")!);
    }

    private async Task PutAsync(HttpContext context, string name)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostBytes;
        string? refusal;
        try
        {
            var resource = await JsonSerializer.DeserializeAsync(context.Request.Body, ClientJson.Default.ClientResource, context.RequestAborted);
            (var device, refusal) = resource is null ? (null, "The body is null.") : resource.Read(name);
            if (device is not null)
            {
                var known = machines.Find(name);
                if (known is not null && known.Id != name)
                {
                    await RefuseAsync(context, StatusCodes.Status409Conflict, "Conflict", $"'{known.Id}' is the same name regardless of case.");
                    return;
                }

                machines.Admit([device]);
                await AnswerAsync(
                    context,
                    known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK,
                    ClientResource.Of(device, IdOf(name), known is null ? "Creating" : "Updating"),
                    ClientJson.Default.ClientResource);
                return;
            }
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException)
        {
            refusal = exception.Message;
        }

        await RefuseAsync(context, StatusCodes.Status400BadRequest, "InvalidRequest", refusal!);
    }

    private Task GetAsync(HttpContext context, string name) => machines.Find(name) is { } device
        ? AnswerAsync(context, StatusCodes.Status200OK, ClientResource.Of(device, IdOf(name), "Succeeded"), ClientJson.Default.ClientResource)
        : RefuseAsync(context, StatusCodes.Status404NotFound, "ResourceNotFound", $"There is no client {name}.");

    private Task DeleteAsync(HttpContext context, string name)
    {
        context.Response.StatusCode = machines.Remove(name) ? StatusCodes.Status200OK : StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private bool IsAuthorized(string header)
    {
        const string scheme = "SharedAccessKey ";
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim()), Encoding.UTF8.GetBytes(key));
    }

    private static string IdOf(string name) => $"{NamespaceId}/clients/{name}";

    private static Task RefuseAsync(HttpContext context, int status, string code, string message) =>
        AnswerAsync(context, status, new(new(code, message)), ClientJson.Default.ArmError);

    private static Task AnswerAsync<T>(HttpContext context, int status, T body, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, type), context.RequestAborted).AsTask();
    }

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ApiVersion();
}
