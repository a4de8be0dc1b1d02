using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.ServiceBus;

/// <summary>
/// Signs with a shared access key: <c>SharedAccessSignature sr=…&amp;sig=…&amp;se=…&amp;skn=…</c>, HMAC-SHA256 over the escaped resource and the expiry.
/// </summary>
internal sealed class SharedAccessSignaturePolicy(string resource, string keyName, string key, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    // A token that has this left is made anew: no request may outlive it.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private readonly string escapedResource = Uri.EscapeDataString(resource);
    private Token current = new("", DateTimeOffset.MinValue);

    public override void OnSendingRequest(HttpMessage message)
    {
        var now = time.GetUtcNow();
        var token = Volatile.Read(ref current);
        if (token.Expires - now < Margin)
        {
            // Two threads may both make one; either is good.
            token = Create(now + Life);
            Volatile.Write(ref current, token);
        }

        message.Request.Headers.SetValue("Authorization", token.Text);
    }

    private Token Create(DateTimeOffset expires)
    {
        var expiry = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{escapedResource}\n{expiry}"));
        return new(
            $"SharedAccessSignature sr={escapedResource}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={Uri.EscapeDataString(keyName)}",
            expires);
    }

    private sealed record Token(string Text, DateTimeOffset Expires);
}
