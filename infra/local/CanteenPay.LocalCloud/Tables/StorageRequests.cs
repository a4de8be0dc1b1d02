using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Processes;

namespace CanteenPay.LocalCloud.Tables;

/// <summary>The storage requests that a start needs: what Bicep declares is made.</summary>
/// <param name="tablePort">Where Azurite's tables are.</param>
/// <param name="blobPort">Where its blobs are.</param>
/// <param name="time">The clock.</param>
internal sealed class StorageRequests(int tablePort, int blobPort, TimeProvider time) : IDisposable
{
    private const string Version = "2020-12-06";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <exception cref="LocalCloudException">Azurite refused.</exception>
    internal async Task CreateTableAsync(string name, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, tablePort, "Tables");
        request.Content = new StringContent(new JsonObject { ["TableName"] = name }.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;odata=nometadata");
        request.Headers.TryAddWithoutValidation("Prefer", "return-no-content");
        request.Headers.TryAddWithoutValidation("DataServiceVersion", "3.0");
        // The account is there twice: once as the owner, once as the first segment of Azurite's paths.
        Sign(request, "SharedKeyLite", $"{Date(request)}\n/{Azurite.Account}{request.RequestUri!.AbsolutePath}");
        await SendAsync(request, $"table {name}", cancellationToken);
    }

    /// <summary>Makes a private container of blobs.</summary>
    /// <exception cref="LocalCloudException">Azurite refused.</exception>
    internal async Task CreateContainerAsync(string name, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Put, blobPort, $"{name}?restype=container");
        // Eleven standard headers, all absent: no content, no conditions.
        Sign(request, "SharedKey", $"PUT{new string('\n', 12)}x-ms-date:{Date(request)}\nx-ms-version:{Version}\n/{Azurite.Account}{request.RequestUri!.AbsolutePath}\nrestype:container");
        await SendAsync(request, $"container {name}", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, int port, string path)
    {
        var request = new HttpRequestMessage(method, $"http://127.0.0.1:{port}/{Azurite.Account}/{path}");
        request.Headers.TryAddWithoutValidation("x-ms-version", Version);
        request.Headers.TryAddWithoutValidation("x-ms-date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
        return request;
    }

    private static string Date(HttpRequestMessage request) => request.Headers.GetValues("x-ms-date").Single();

    private static void Sign(HttpRequestMessage request, string scheme, string text)
    {
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Azurite.AccountKey), Encoding.UTF8.GetBytes(text)));
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {Azurite.Account}:{signature}");
    }

    /// <summary>What is there already was made by an earlier start.</summary>
    private async Task SendAsync(HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        using var answer = await _http.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict)
        {
            throw new LocalCloudException($"{what} was refused with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }
}
