using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>
/// Posts to finance's own system. What is sent is signed over the time of sending and the body, so that an old request cannot be played again; what is answered is not believed
/// beyond its status.
/// </summary>
internal sealed class Webhook(HttpClient http, FinanceSettings finance, TimeProvider clock)
{
    /// <summary>The header with the event's id.</summary>
    public const string EventHeader = "X-CanteenPay-Event";

    /// <summary>The header with the time of sending, in seconds since 1970.</summary>
    public const string TimestampHeader = "X-CanteenPay-Timestamp";

    /// <summary>The header with <c>v1=</c> and the HMAC-SHA256 of timestamp, <c>.</c> and body, as lower-case hex.</summary>
    public const string SignatureHeader = "X-CanteenPay-Signature";

    private const int MostOfAnswer = 1024;

    /// <summary>From the first byte sent to the last that is read.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>How a client for it connects: it follows nobody anywhere else, since the answer of a stranger must not choose where our data go.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = Longest,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>Sends a body once.</summary>
    /// <returns>Null when it was taken; otherwise why not.</returns>
    public async Task<string?> PostAsync(string eventId, byte[] body, CancellationToken cancellationToken)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, finance.Webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(EventHeader, eventId);
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, Sign(finance.Secret, timestamp, body));
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : $"It answered {(int)answer.StatusCode}: {await BeginningAsync(answer, either.Token)}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"It did not answer within {Longest.TotalSeconds:0} s.";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"It was not reached: {e.Message}";
        }
    }

    /// <summary>What proves that a body is ours.</summary>
    public static string Sign(byte[] secret, string timestamp, byte[] body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes($"{timestamp}."));
        hmac.AppendData(body);
        return $"v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostOfAnswer];
        await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var read = await content.ReadAtLeastAsync(buffer, MostOfAnswer, throwOnEndOfStream: false, cancellationToken);
        return string.Concat(Encoding.UTF8.GetString(buffer, 0, read).Select(c => char.IsControl(c) ? ' ' : c));
    }
}
