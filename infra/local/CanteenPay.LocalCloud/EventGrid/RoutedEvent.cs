using System.Text.Json;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>The CloudEvent into which Event Grid turns a message of its broker.</summary>
/// <remarks>
/// <c>clientname</c> is Azure's enrichment with the authenticated publisher. mosquitto does not tell who published, so here it is the machine's segment of the
/// topic, below which the access list lets only that machine publish (and the operator).
/// </remarks>
internal static class RoutedEvent
{
    internal const string ContentType = "application/cloudevents+json; charset=utf-8";

    internal static byte[] Write(Guid id, DateTimeOffset time, string topic, string clientName, ReadOnlySpan<byte> payload)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, id);
            json.WriteString("time"u8, time.UtcDateTime);
            json.WriteString("type"u8, "MQTT.EventPublished"u8);
            json.WriteString("source"u8, "localcloud"u8);
            json.WriteString("subject"u8, topic);
            json.WriteString("clientname"u8, clientName);
            json.WriteNumber("mqttpfi"u8, 0);
            json.WriteString("datacontenttype"u8, "application/octet-stream"u8);
            json.WriteBase64String("data_base64"u8, payload);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The segment of the topic after the prefix: the machine in <c>canteen/v1/devices/{machine}/up/…</c>.</summary>
    internal static string ClientName(string topic, string prefix) => topic[prefix.Length..].Split('/', 2)[0];
}
