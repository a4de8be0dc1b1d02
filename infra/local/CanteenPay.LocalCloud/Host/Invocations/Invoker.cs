using CanteenPay.LocalCloud.Host.Handlers;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>Posts invocations of one function to its handler and says how they ended.</summary>
internal sealed class Invoker(FunctionCounter counter, HandlerGroup group, TimeSpan timeout, HttpClient client, TimeProvider time, ILogger log)
{
    /// <summary>The version that the host was recorded with.</summary>
    public const string HostVersion = "4.1037.0.0";

    /// <summary>Enough for any answer; a larger one is a fault of the handler.</summary>
    public const int MaxAnswerBytes = 4 * 1024 * 1024;

    private readonly string _name = counter.Function.Name;

    /// <summary>Null when the invocation succeeded, else why it failed. <paramref name="body"/> is given <c>Metadata.sys</c>.</summary>
    /// <exception cref="HandlerGoneException">There is no handler any more: the host stopped.</exception>
    /// <exception cref="OperationCanceledException">This host is stopping.</exception>
    public async Task<string?> InvokeAsync(Func<string, string> body, CancellationToken stop)
    {
        var address = await group.AddressAsync(stop);
        counter.Begin();
        string? error = "The host stopped meanwhile.";
        try
        {
            error = await CallAsync(new Uri(address, _name), body(Sys()), stop);
        }
        finally
        {
            counter.End(error);
        }
        if (error is not null)
            log.LogError("{Function} failed: {Reason}", _name, error);
        return error;
    }

    /// <summary>The client that all invocations share: redirects are followed, as the real host's client follows them.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    private async Task<string?> CallAsync(Uri uri, string json, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var timer = time.CreateTimer(static l => ((CancellationTokenSource)l!).Cancel(), limit, timeout, Timeout.InfiniteTimeSpan);
        using var request = NewRequest(uri, json);
        try
        {
            using var response = await client.SendAsync(request, limit.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return await ConcludeAsync(HandlerAnswer.Judge(response.StatusCode, response.Content.Headers.ContentType?.MediaType, bytes), limit.Token);
        }
        catch (HttpRequestException e)
        {
            await group.SettleAsync(stop);
            return $"The handler could not be called: {e.Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"The invocation did not complete within {timeout}, functionTimeout and a minute.";
        }
    }

    private async Task<string?> ConcludeAsync(HandlerAnswer answer, CancellationToken limit)
    {
        switch (answer)
        {
            case HandlerAnswer.Success success:
                foreach (var line in success.Logs)
                    log.LogInformation("{Function}: {Line}", _name, line);
                return null;
            case HandlerAnswer.Never never:
                var trouble = never.Reason + ": the host never completes such an invocation; answer 200, application/json and an object.";
                counter.Note(trouble);
                log.LogError("{Function}: {Trouble}", _name, trouble);
                await Task.Delay(Timeout.InfiniteTimeSpan, time, limit);
                return trouble;
            case HandlerAnswer.Failure failure:
                return failure.Reason;
            default:
                throw new InvalidOperationException($"An answer of kind {answer.GetType()} is not known.");
        }
    }

    private static HttpRequestMessage NewRequest(Uri uri, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new InvocationContent(json) };
        request.Headers.Add("X-Azure-Functions-HostVersion", HostVersion);
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        request.Headers.UserAgent.ParseAdd("Azure-Functions-Host/" + HostVersion);
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private string Sys() => HostText.Object([
        KeyValuePair.Create("MethodName", HostText.Quote(_name)),
        KeyValuePair.Create("UtcNow", HostText.WithZ(time.GetUtcNow())),
        KeyValuePair.Create("RandGuid", HostText.Quote(Guid.NewGuid().ToString())),
    ]);
}
