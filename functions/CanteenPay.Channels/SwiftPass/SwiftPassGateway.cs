using System.Net;
using System.Net.Http.Headers;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>One request to the gateway and one checked answer, or the reason why there is none. Never retries.</summary>
internal sealed class SwiftPassGateway(HttpClient http, TimeSpan timeout, TimeProvider time)
{
    public async Task<(SwiftPassReply? Reply, Doubt? Doubt)> PostAsync(ChannelAccount account, byte[] document, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, account.Gateway) { Content = new ByteArrayContent(document) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "UTF-8");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK || response.RequestMessage?.RequestUri != account.Gateway)
            {
                var code = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
                return (null, new Doubt(DoubtKind.HttpStatus, code, $"The gateway answered HTTP {code} or sent us elsewhere."));
            }

            var body = await ReadAsync(response.Content, either.Token);
            return body is null
                ? (null, new Doubt(DoubtKind.BadDocument, "too-large", $"The answer is longer than {SwiftPassXml.MaxBytes} bytes."))
                : SwiftPassReply.Read(account, body);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new Doubt(DoubtKind.TimedOut, "time-out", $"No complete answer within {timeout}."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, new Doubt(DoubtKind.Unreachable, "unreachable", SwiftPassReply.OneLine(e.Message)));
        }
    }

    /// <summary>The body, or null when it is longer than a document may be: no more than that is ever read.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > SwiftPassXml.MaxBytes)
            return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[SwiftPassXml.MaxBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > SwiftPassXml.MaxBytes ? null : buffer[..length];
    }
}
