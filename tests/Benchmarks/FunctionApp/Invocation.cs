using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.FunctionApp;

/// <summary>
/// What the Functions host sends for a routed machine message, to the byte as it was recorded: a chunked body, the event as base64, the metadata as JSON inside
/// JSON. The message is one that needs no storage: a machine acknowledges that it showed an order that is being closed.
/// </summary>
internal static class Invocation
{
    public static byte[] Request(string path)
    {
        var body = Encoding.UTF8.GetBytes(Body().ToJsonString());
        var head = $"""
            POST {path} HTTP/1.1
            Host: 127.0.0.1
            X-Azure-Functions-HostVersion: 4.1037.0.0
            X-Azure-Functions-InvocationId: 1d8521b4-b930-48a0-a4d0-aa0079b023d4
            User-Agent: Azure-Functions-Host/4.1037.0.0
            Transfer-Encoding: chunked
            Content-Type: application/json; charset=utf-8

            {body.Length:x}

            """.ReplaceLineEndings("\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body, .. "\r\n0\r\n\r\n"u8];
    }

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    private static JsonObject Body() => new()
    {
        ["Data"] = new JsonObject { ["routed"] = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(Event())) },
        ["Metadata"] = new JsonObject
        {
            ["MessageReceiver"] = new JsonObject(),
            ["DeliveryCount"] = "1",
            ["LockToken"] = Quoted("7f0a6b1c-0000-0000-0000-000000000001"),
            ["ExpiresAtUtc"] = "2026-12-06T02:16:01",
            ["ExpiresAt"] = "2026-12-06T02:16:01+00:00",
            ["EnqueuedTimeUtc"] = "2026-11-22T02:16:01",
            ["EnqueuedTime"] = "2026-11-22T02:16:01+00:00",
            ["MessageId"] = Quoted("5b1f6f0d4a7c4f0c9a1f6a3c1f0d2b7e"),
            ["ContentType"] = Quoted("application/cloudevents+json; charset=utf-8"),
            ["SequenceNumber"] = "1234",
            ["ApplicationProperties"] = new JsonObject(),
            ["sys"] = new JsonObject
            {
                ["MethodName"] = "MachinePayments",
                ["UtcNow"] = "2026-11-22T02:26:06.2739762Z",
                ["RandGuid"] = "3afc9d1b-ed81-4a4a-9f23-daadd2523e09",
            },
        },
    };

    private static JsonObject Event() => new()
    {
        ["specversion"] = "1.0",
        ["id"] = "0198fe3e-6f6a-7a10-8d0d-0d6f8b1c2a3e",
        ["time"] = "2026-11-22T02:16:01.1234567Z",
        ["type"] = "MQTT.EventPublished",
        ["source"] = "localcloud",
        ["subject"] = "canteen/v1/devices/DEVMACH1/up/payments",
        ["clientname"] = "DEVMACH1",
        ["datacontenttype"] = "application/octet-stream",
        ["data_base64"] = Convert.ToBase64String(DeviceMessageJson.Write(new PayResultAck
        {
            OrderId = OrderId.Parse("261122DEVMERCHDEVMACH10123456789"),
            Outcome = PayOutcome.Closing,
            Spoken = false,
            ShownAt = new DateTimeOffset(2026, 11, 22, 10, 16, 1, TimeSpan.FromHours(8)),
        })),
    };

    /// <summary>The host serialises what is no object once more.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
