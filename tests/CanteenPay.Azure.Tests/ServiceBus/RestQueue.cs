using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.ServiceBus;

namespace CanteenPay.Azure.Tests.ServiceBus;

/// <summary>One queue as Service Bus' REST interface documents it: send, batch, duplicate detection.</summary>
internal sealed class RestQueue : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<Arrived> messages = [];
    private RestServer? server;

    public IReadOnlyList<Arrived> Messages
    {
        get
        {
            lock (gate)
            {
                return [.. messages];
            }
        }
    }

    public static async Task<RestQueue> StartAsync()
    {
        RestQueue queue = new();
        queue.server = await RestServer.StartAsync((request, response) =>
        {
            response.StatusCode = queue.Take(request);
            return Task.CompletedTask;
        });
        return queue;
    }

    public ServiceBusClient Client() => new(
        $"Endpoint=sb://127.0.0.1:{server!.Address.Port};SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true");

    public ValueTask DisposeAsync() => server!.DisposeAsync();

    private int Take(Received request)
    {
        if (request.Target != "/payment-polls/messages" || request.Method != "POST")
        {
            return 410;
        }

        lock (gate)
        {
            if (request.Headers["Content-Type"] == "application/vnd.microsoft.servicebus.json")
            {
                using var batch = JsonDocument.Parse(request.Body);
                foreach (var item in batch.RootElement.EnumerateArray())
                {
                    string? reason = item.TryGetProperty("UserProperties", out var properties) ? properties.GetProperty("reason").GetString() : null;
                    Store(item.GetProperty("Body").GetString()!, item.GetProperty("BrokerProperties"), reason);
                }
            }
            else
            {
                using var broker = JsonDocument.Parse(request.Headers["BrokerProperties"]);
                var reason = request.Headers.TryGetValue("reason", out var quoted) ? JsonDocument.Parse(quoted).RootElement.GetString() : null;
                Store(request.Body, broker.RootElement, reason);
            }
        }

        return 201;
    }

    private void Store(string body, JsonElement broker, string? reason)
    {
        string? Text(string name) => broker.TryGetProperty(name, out var value) ? value.GetString() : null;
        var id = Text("MessageId")!;
        if (!messages.Any(message => message.MessageId == id))
        {
            messages.Add(new(
                id, body, Text("CorrelationId"), Text("Label"),
                Text("ScheduledEnqueueTimeUtc") is { } due ? DateTimeOffset.ParseExact(due, "R", CultureInfo.InvariantCulture) : default,
                broker.TryGetProperty("TimeToLive", out var life) ? TimeSpan.FromSeconds(life.GetInt64()) : null, reason));
        }
    }
}
