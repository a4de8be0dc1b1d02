using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.Tests;

/// <summary>The real transport with something done before or after each attempt: an exception from <see cref="After"/> is an answer that got lost.</summary>
internal sealed class InterceptingTransport : HttpPipelineTransport
{
    private readonly HttpClientTransport inner = HttpClientTransport.Shared;
    private int attempts;

    /// <summary>Called with the number of the attempt (from 1) before the request goes out.</summary>
    public Func<HttpMessage, int, Task>? Before { get; set; }

    /// <summary>Called with the number of the attempt (from 1) when the service has done its work.</summary>
    public Func<HttpMessage, int, Task>? After { get; set; }

    public int Attempts => attempts;

    public override Request CreateRequest() => inner.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Everything here is asynchronous.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var attempt = Interlocked.Increment(ref attempts);
        await (Before?.Invoke(message, attempt) ?? Task.CompletedTask);
        await inner.ProcessAsync(message);
        await (After?.Invoke(message, attempt) ?? Task.CompletedTask);
    }
}
