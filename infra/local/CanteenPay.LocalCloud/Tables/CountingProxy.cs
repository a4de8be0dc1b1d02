using System.Net;
using CanteenPay.LocalCloud.Status;

namespace CanteenPay.LocalCloud.Tables;

/// <summary>Stands in front of Azurite and counts operations; the requests pass unchanged.</summary>
internal sealed class CountingProxy(int azuritePort, Counters counters, ILogger logger) : IDisposable
{
    // Connection-level headers, and those that HttpClient sets itself.
    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Proxy-Connection", "TE", "Trailer", "Expect",
    };

    private readonly HttpMessageInvoker _azurite = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    internal async Task HandleAsync(HttpContext context)
    {
        Count(context.Request);
        using var request = Forward(context.Request);
        try
        {
            using var answer = await _azurite.SendAsync(request, context.RequestAborted);
            await AnswerAsync(answer, context);
        }
        catch (HttpRequestException exception)
        {
            logger.LogWarning("Azurite did not answer {Method} {Path}: {Error}", context.Request.Method, context.Request.Path, exception.Message);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left; nobody waits for an answer.
        }
    }

    public void Dispose() => _azurite.Dispose();

    private void Count(HttpRequest request)
    {
        var path = (request.Path.Value ?? "").TrimStart('/').Split('/', 2);
        counters.Count(Counters.TableRequest);
        counters.Count(TableOperation.Name(request.Method, path.Length > 1 ? path[1] : "", request.Headers.ContainsKey("If-Match")));
    }

    private HttpRequestMessage Forward(HttpRequest from)
    {
        // The raw target, so that the signature over the path still fits.
        var target = from.HttpContext.Features.GetRequiredFeature<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>().RawTarget;
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(new(from.Method), new Uri($"http://127.0.0.1:{azuritePort}{target}", options)) { Content = Body(from) };
        foreach (var (name, values) in from.Headers)
        {
            if (!NotForwarded.Contains(name) && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return request;
    }

    private static StreamContent? Body(HttpRequest from) => from.ContentLength > 0 || from.Headers.TransferEncoding.Count > 0 ? new(from.Body) : null;

    private static async Task AnswerAsync(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!NotForwarded.Contains(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
