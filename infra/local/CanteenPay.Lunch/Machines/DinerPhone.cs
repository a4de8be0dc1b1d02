using CanteenPay.Protocol;

namespace CanteenPay.Lunch.Machines;

/// <summary>The diners' phones: each opens the address in its QR as its wallet does, and taps "pay".</summary>
internal sealed class DinerPhone(HttpClient http, Stack.BankControl bank)
{
    private const string WeChat = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.50";
    private const string Alipay = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36 AlipayClient/10.6.0";
    private const string ResultName = "result=";

    /// <summary>What the phone says then: <c>success already-paid closed expired</c>, or <c>unreachable</c>.</summary>
    public async Task<string> PayAsync(string orderId, Wallet wallet, CancellationToken cancellationToken)
    {
        try
        {
            if (await bank.FindAsync(orderId, cancellationToken) is not { } order)
                return "unknown";
            using var request = new HttpRequestMessage(HttpMethod.Post, order.PayUrl);
            request.Headers.UserAgent.ParseAdd(wallet == Wallet.WeChat ? WeChat : Alipay);
            request.Content = new FormUrlEncodedContent([new("do", "pay")]);
            using var response = await http.SendAsync(request, cancellationToken);
            return Result(response.Headers.Location) ?? "unreachable";
        }
        catch (HttpRequestException)
        {
            return "unreachable";
        }
    }

    /// <summary>The page redirects to itself with what came of the tap.</summary>
    private static string? Result(Uri? location) => location?.OriginalString is { } text && text.IndexOf(ResultName, StringComparison.Ordinal) is >= 0 and var at
        ? text[(at + ResultName.Length)..].Split('&')[0]
        : null;
}
