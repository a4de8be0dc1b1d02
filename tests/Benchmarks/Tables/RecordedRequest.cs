using System.Net.Http.Headers;

namespace CanteenPay.Benchmarks.Tables;

/// <summary>A request as the client sent it, with its signature, to be sent again by nothing but an HttpClient.</summary>
internal sealed record RecordedRequest(
    HttpMethod Method, Uri Address, IReadOnlyList<KeyValuePair<string, string[]>> Headers, byte[]? Body, MediaTypeHeaderValue? Type)
{
    /// <summary>Sends it to another server and takes the whole answer.</summary>
    /// <exception cref="HttpRequestException">It was refused.</exception>
    public async Task SendAsync(HttpClient http, int port)
    {
        using var request = new HttpRequestMessage(Method, new UriBuilder(Address) { Port = port }.Uri);
        foreach (var (name, values) in Headers)
            request.Headers.TryAddWithoutValidation(name, values);
        if (Body is not null)
            request.Content = new ByteArrayContent(Body) { Headers = { ContentType = Type } };
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
