using System.Text.Json;
using Azure;
using Azure.Core;

namespace CanteenPay.Azure.Tables;

/// <summary>Reads <c>{"odata.error":{"code":"…","message":{"value":"…"}}}</c>, so that exceptions carry the service's code.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    public override bool TryParse(Response response, out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        error = Read(response.Content.ToMemory());
        return error is not null;
    }

    internal static ResponseError? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("odata.error", out var found) || !found.TryGetProperty("code", out var code))
            {
                return null;
            }

            var message = found.TryGetProperty("message", out var text) && text.TryGetProperty("value", out var value) ? value.GetString() : null;
            return new(code.GetString(), message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not the service's own error, for example a proxy's page.
            return null;
        }
    }
}
