using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>A body of unknown length, so that it travels in chunks and without Content-Length as the real host's does.</summary>
internal sealed class InvocationContent : HttpContent
{
    private readonly byte[] _bytes;

    public InvocationContent(string json)
    {
        _bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_bytes).AsTask();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_bytes, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
