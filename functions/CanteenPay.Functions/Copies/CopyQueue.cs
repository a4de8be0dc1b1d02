using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.ServiceBus;

namespace CanteenPay.Functions.Copies;

/// <summary>Sends to the queue <c>table-copies</c>. Every id says what is to be copied, so that whoever begins anew after a kill sends the same.</summary>
internal sealed class CopyQueue(ServiceBusClient serviceBus, TimeProvider clock)
{
    /// <summary>The queue.</summary>
    public const string Queue = "table-copies";

    /// <summary>Most messages of one request to the service.</summary>
    private const int MostAtOnce = 100;

    private readonly ServiceBusSender _sender = serviceBus.CreateSender(Queue);

    /// <summary>Sends the messages with which a copy begins.</summary>
    public async Task BeginAsync(CopyPlan plan, CancellationToken cancellationToken)
    {
        foreach (var some in plan.Messages().Chunk(MostAtOnce))
            await _sender.SendMessagesAsync(some.Select(Message), cancellationToken);
    }

    /// <summary>Sends for the next part.</summary>
    public Task SendAsync(CopyMessage message, CancellationToken cancellationToken) => _sender.SendMessageAsync(Message(message), cancellationToken);

    /// <summary>Sends for the same part once more, later.</summary>
    public Task AgainAsync(CopyMessage message, TimeSpan wait, CancellationToken cancellationToken)
    {
        var text = Message(message with { Try = message.Try + 1 });
        text.ScheduledEnqueueTime = clock.GetUtcNow() + wait;
        return _sender.SendMessageAsync(text, cancellationToken);
    }

    private static ServiceBusMessage Message(CopyMessage message) => new(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, FunctionsJson.Default.CopyMessage)))
    {
        MessageId = string.Create(CultureInfo.InvariantCulture, $"{message.Label}-{message.Account}-{message.Table}-{message.Slice}-{message.Part}-{message.Try}"),
    };
}
