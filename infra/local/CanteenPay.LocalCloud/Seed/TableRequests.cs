using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Seed;

/// <summary>The two table requests that a start needs, signed with SharedKeyLite.</summary>
internal sealed class TableRequests(int azuritePort, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new($"http://127.0.0.1:{azuritePort}/{Azurite.Account}/"),
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <exception cref="LocalCloudException">Azurite refused.</exception>
    internal async Task CreateTableAsync(string name, CancellationToken cancellationToken)
    {
        var body = Json(json => json.WriteString("TableName"u8, name));
        using var answer = await SendAsync(HttpMethod.Post, "Tables", body, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Conflict)
        {
            await ThrowIfFailedAsync(answer, $"table {name}", cancellationToken);
        }
    }

    /// <summary>Writes a row, replacing one with the same keys.</summary>
    /// <exception cref="LocalCloudException">Azurite refused, or a property has a type that is not supported.</exception>
    internal async Task UpsertAsync(SeedRow row, CancellationToken cancellationToken)
    {
        var body = Json(json =>
        {
            json.WriteString("PartitionKey"u8, row.PartitionKey);
            json.WriteString("RowKey"u8, row.RowKey);
            foreach (var (name, value) in row.Properties)
            {
                WriteProperty(json, row, name, value);
            }
        });
        var path = $"{row.Table}(PartitionKey='{Quote(row.PartitionKey)}',RowKey='{Quote(row.RowKey)}')";
        using var answer = await SendAsync(HttpMethod.Put, path, body, cancellationToken);
        await ThrowIfFailedAsync(answer, $"seed row {row.Table}/{row.PartitionKey}/{row.RowKey}", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whole numbers are Edm.Int64, so that a row has the same type whatever its value.</summary>
    private static void WriteProperty(Utf8JsonWriter json, SeedRow row, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String or JsonValueKind.True or JsonValueKind.False:
                json.WritePropertyName(name);
                value.WriteTo(json);
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var number):
                json.WriteString($"{name}@odata.type", "Edm.Int64"u8);
                json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw new LocalCloudException($"seed row {row.Table}/{row.PartitionKey}/{row.RowKey}: {name} must be a string, a whole number or a boolean.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;odata=nometadata");
        request.Headers.TryAddWithoutValidation("Prefer", "return-no-content");
        request.Headers.TryAddWithoutValidation("DataServiceVersion", "3.0");
        request.Headers.TryAddWithoutValidation("x-ms-version", "2020-12-06");
        var date = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("x-ms-date", date);
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKeyLite {Azurite.Account}:{Signature(date, new Uri(_http.BaseAddress!, path))}");
        return await _http.SendAsync(request, cancellationToken);
    }

    // The account is there twice: once as the owner, once as the first segment of Azurite's paths.
    private static string Signature(string date, Uri uri) => Convert.ToBase64String(HMACSHA256.HashData(
        Convert.FromBase64String(Azurite.AccountKey), Encoding.UTF8.GetBytes($"{date}\n/{Azurite.Account}{uri.AbsolutePath}")));

    private static string Quote(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static async Task ThrowIfFailedAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new LocalCloudException($"{what} was refused with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }
}
