using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Registration;

/// <summary>One signed request to the bank and one checked answer, or the reason why there is none. Never retries.</summary>
internal sealed class RegistrationGateway(HttpClient http, BankRegistrationOptions options, TimeProvider time)
{
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>Asks a service. The body of the answer, a refusal's code and words, or a doubt.</summary>
    /// <param name="service">The service.</param>
    /// <param name="fields">What it is told.</param>
    /// <param name="sending">Which sending it belongs to: within it the same request again has the same number, so that the bank can tell a repetition. Null for a question, which is a new one each time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Reply> AskAsync(string service, SortedDictionary<string, string> fields, int? sending, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var number = Number(fields["outMchntId"], string.Create(CultureInfo.InvariantCulture, $"{service}|{sending ?? now}|{Json(fields)}"));
        fields["txnSeq"] = number;
        var body = Json(fields);
        var sign = RegistrationSignature.Of(options.Key, options.PlatformId, number, now.ToString(CultureInfo.InvariantCulture), body);
        var request = JsonSerializer.SerializeToUtf8Bytes(
            new RegistrationRequest(options.PlatformId, number, now, body, sign), RegistrationJson.Default.RegistrationRequest);
        return PostAsync($"register/{service}.do", number, request, "application/json", cancellationToken);
    }

    /// <summary>Sends a picture.</summary>
    public Task<Reply> SendAsync(string outMerchantId, RegistrationPicture picture, int sending, CancellationToken cancellationToken)
    {
        var bytes = picture.Bytes.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var number = Number(outMerchantId, string.Create(CultureInfo.InvariantCulture, $"{picture.Kind}|{sending}|{hash}"));
        var sign = RegistrationSignature.Of(options.Key, options.PlatformId, number, outMerchantId, picture.Kind, hash);
        var address = $"register/picture.do?platformId={Uri.EscapeDataString(options.PlatformId)}&txnSeq={number}&outMchntId={outMerchantId}&kind={picture.Kind}&sign={sign}";
        return PostAsync(address, number, bytes, "application/octet-stream", cancellationToken);
    }

    private async Task<Reply> PostAsync(string address, string number, byte[] content, string type, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var url = new Uri($"{options.Url.AbsoluteUri.TrimEnd('/')}/{address}");
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(content) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
                return Doubtful(DoubtKind.HttpStatus, code, $"The bank answered HTTP {code}.");
            }

            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[MaxAnswerBytes + 1];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, either.Token);
            return length > MaxAnswerBytes
                ? Doubtful(DoubtKind.BadDocument, "too-large", $"The answer is longer than {MaxAnswerBytes} bytes.")
                : Read(number, buffer.AsSpan(0, length));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Doubtful(DoubtKind.TimedOut, "time-out", $"No complete answer within {options.Timeout}.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Doubtful(DoubtKind.Unreachable, "unreachable", SwiftPassReply.OneLine(e.Message));
        }
    }

    private Reply Read(string number, ReadOnlySpan<byte> document)
    {
        RegistrationAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(document, RegistrationJson.Default.RegistrationAnswer);
        }
        catch (JsonException)
        {
            answer = null;
        }

        if (answer is not { GateReturnType: { } type, Body: { } body, Sign: { } sign })
            return Doubtful(DoubtKind.BadDocument, "unreadable", "The answer is not the JSON that is expected.");
        if (!RegistrationSignature.Fits(sign, options.Key, number, type, body))
            return Doubtful(DoubtKind.BadSignature, answer.GateReturnCode ?? "", $"The answer is not signed as it should be: {SwiftPassReply.OneLine(answer.GateReturnMessage ?? "")}");
        return type == "S" ? new(body, null, null) : new(null, answer.GateReturnCode ?? "", new(
            DoubtKind.ChannelError, answer.GateReturnCode ?? "", SwiftPassReply.OneLine(answer.GateReturnMessage ?? "")));
    }

    private static Reply Doubtful(DoubtKind kind, string code, string message) => new(null, null, new(kind, code, message));

    private static string Json(SortedDictionary<string, string> fields) => JsonSerializer.Serialize(fields, RegistrationJson.Default.SortedDictionaryStringString);

    private static string Number(string outMerchantId, string content) =>
        outMerchantId + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 12));

    /// <summary>An answer: its body; or the code of a refusal with the doubt that says so in words; or a doubt alone.</summary>
    internal sealed record Reply(string? Body, string? Refusal, Doubt? Doubt);
}
