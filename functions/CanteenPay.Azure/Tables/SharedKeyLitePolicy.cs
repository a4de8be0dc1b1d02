using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.Tables;

/// <summary>
/// Signs a request with the account's key: HMAC-SHA256 over <c>x-ms-date + "\n" + "/account" + path</c>.
/// The emulator's path begins with the account, so there it stands twice.
/// </summary>
internal sealed class SharedKeyLitePolicy(string accountName, byte[] accountKey, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var path = message.Request.Uri.ToUri().AbsolutePath;
        var signature = HMACSHA256.HashData(accountKey, Encoding.UTF8.GetBytes($"{date}\n/{accountName}{path}"));
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {accountName}:{Convert.ToBase64String(signature)}");
    }
}
