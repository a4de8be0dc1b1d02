namespace CanteenPay.Benchmarks.Tables;

/// <summary>Notes what is sent, in whatever order the workers come.</summary>
internal sealed class Recorder() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly Lock _gate = new();
    private List<RecordedRequest> _requests = [];

    /// <summary>What was sent since the last time.</summary>
    public IReadOnlyList<RecordedRequest> Take()
    {
        lock (_gate)
            return Interlocked.Exchange(ref _requests, []);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers = request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray()));
        var recorded = new RecordedRequest(request.Method, request.RequestUri!, [.. headers], body, request.Content?.Headers.ContentType);
        lock (_gate)
            _requests.Add(recorded);
        return await base.SendAsync(request, cancellationToken);
    }
}
