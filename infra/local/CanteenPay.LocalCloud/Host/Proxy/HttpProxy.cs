using System.Collections.Frozen;
using System.Net;
using CanteenPay.LocalCloud.Host.Invocations;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.LocalCloud.Host.Proxy;

/// <summary>Hands a request to the handler as it came, target and Host included, and its answer back; both bodies stream.</summary>
internal sealed class HttpProxy(TimeSpan activityTimeout, TimeProvider time, ILogger log) : IDisposable
{
    // Headers of one connection, not of the message (RFC 9110, 7.6.1); and those that say "I am the host", which an outsider must not say.
    private static readonly FrozenSet<string> NotForwarded = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
        "X-Azure-Functions-InvocationId", "X-Azure-Functions-HostVersion");

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Null when the handler answered below 500, else why not; the client was answered in either case.</summary>
    public async Task<string?> ForwardAsync(HttpContext context, Uri address, string rawTarget)
    {
        using var activity = new Activity(activityTimeout, time, context.RequestAborted);
        using var request = NewRequest(context, address, rawTarget, activity);
        try
        {
            using var response = await _client.SendAsync(request, activity.Token);
            activity.Touch();
            CopyHead(response, context.Response);
            await using var body = await response.Content.ReadAsStreamAsync(activity.Token);
            await CopyAsync(body, context.Response.Body, activity);
            return (int)response.StatusCode < 500 ? null : $"The handler answered {(int)response.StatusCode}.";
        }
        catch (HttpRequestException e)
        {
            return Fail(context, StatusCodes.Status502BadGateway, $"The handler could not be called: {e.Message}");
        }
        catch (HttpIOException e)
        {
            return Fail(context, StatusCodes.Status502BadGateway, $"The handler broke its answer off: {e.Message}");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Fail(context, StatusCodes.Status504GatewayTimeout, $"Nothing moved for {activityTimeout}.");
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage NewRequest(HttpContext context, Uri address, string rawTarget, Activity activity)
    {
        // The target goes on exactly as it came: what the routes were matched on is what the handler sees.
        var uri = new Uri(address.GetLeftPart(UriPartial.Authority) + rawTarget, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), uri);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
            request.Content = new ProxiedBody(context.Request.Body, context.Request.ContentLength, activity);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (NotForwarded.Contains(name))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        request.Headers.Add("X-Azure-Functions-HostVersion", Invoker.HostVersion);
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        return request;
    }

    private static void CopyHead(HttpResponseMessage from, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            if (!NotForwarded.Contains(name))
                to.Headers.Append(name, values.ToArray());
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, Activity activity)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, activity.Token)) > 0)
        {
            activity.Touch();
            await to.WriteAsync(buffer.AsMemory(0, count), activity.Token);
            await to.FlushAsync(activity.Token);
        }
    }

    private string Fail(HttpContext context, int status, string reason)
    {
        log.LogError("{Method} {Path}: {Reason}", context.Request.Method, context.Request.Path, reason);
        if (context.Response.HasStarted)
            context.Abort();
        else
            context.Response.StatusCode = status;
        return reason;
    }

    /// <summary>Cancels when nothing moved for a while.</summary>
    private sealed class Activity : IDisposable
    {
        private readonly CancellationTokenSource _cancellation;
        private readonly ITimer _timer;
        private readonly TimeSpan _timeout;

        public Activity(TimeSpan timeout, TimeProvider time, CancellationToken aborted)
        {
            _timeout = timeout;
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(aborted);
            _timer = time.CreateTimer(static c => ((CancellationTokenSource)c!).Cancel(), _cancellation, timeout, Timeout.InfiniteTimeSpan);
        }

        public CancellationToken Token => _cancellation.Token;

        public void Touch() => _timer.Change(_timeout, Timeout.InfiniteTimeSpan);

        public void Dispose()
        {
            _timer.Dispose();
            _cancellation.Dispose();
        }
    }

    private sealed class ProxiedBody(Stream body, long? length, Activity activity) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyAsync(body, stream, activity);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => CopyAsync(body, stream, activity);

        protected override bool TryComputeLength(out long known)
        {
            known = length ?? 0;
            return length is not null;
        }
    }
}
