using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>Sends to the queue <c>settlement</c>. Every id says who sent for what, so that whoever begins anew after a kill sends the same.</summary>
internal sealed class SettlementQueue(ServiceBusClient serviceBus, TimeProvider clock)
{
    /// <summary>The queue.</summary>
    public const string Queue = "settlement";

    /// <summary>Most messages of one request to the service.</summary>
    public const int MostAtOnce = 100;

    private const long SlotSeconds = 5;

    /// <summary>Clocks of instances may differ by so much: the message of a slot comes after everything that was written in it.</summary>
    private static readonly TimeSpan AfterSlot = TimeSpan.FromSeconds(2);

    private readonly ServiceBusSender _sender = serviceBus.CreateSender(Queue);

    /// <summary>Sends for statements of a date.</summary>
    /// <param name="day">The date.</param>
    /// <param name="merchants">Whose; at most <see cref="MostAtOnce"/>.</param>
    /// <param name="run">Who sends for them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task SettleAsync(DateOnly day, IReadOnlyCollection<MerchantId> merchants, string run, CancellationToken cancellationToken) => merchants.Count == 0
        ? Task.CompletedTask
        : _sender.SendMessagesAsync(
            merchants.Select(merchant => Message(new(SettlementTask.Settle, day) { Merchant = merchant, Run = run }, TimeSpan.Zero)), cancellationToken);

    /// <summary>Sends a message once more, later.</summary>
    public Task AgainAsync(SettlementMessage message, TimeSpan wait, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(Message(message with { Try = message.Try + 1 }, wait), cancellationToken);

    /// <summary>Sends for the delivery of an edition.</summary>
    public Task DeliverAsync(DateOnly day, int edition, int attempt, TimeSpan wait, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(Message(new(SettlementTask.Deliver, day) { Edition = edition, Try = attempt }, wait), cancellationToken);

    /// <summary>Sends for the files of a date. All who do within five seconds send one message between them, which comes after the last of them.</summary>
    public Task ExportAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var slot = clock.GetUtcNow().ToUnixTimeSeconds() / SlotSeconds;
        var message = new SettlementMessage(SettlementTask.Export, day) { Run = slot.ToString(CultureInfo.InvariantCulture) };
        return _sender.SendMessageAsync(Message(message, DateTimeOffset.FromUnixTimeSeconds((slot + 1) * SlotSeconds) + AfterSlot - clock.GetUtcNow()), cancellationToken);
    }

    private ServiceBusMessage Message(SettlementMessage message, TimeSpan wait)
    {
        var about = message.Type == SettlementTask.Deliver ? message.Edition.ToString(CultureInfo.InvariantCulture) : message.Run;
        var text = new ServiceBusMessage(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, FunctionsJson.Default.SettlementMessage)))
        {
            MessageId = string.Create(CultureInfo.InvariantCulture, $"{message.Type}-{BusinessDay.Key(message.Day)}-{message.Merchant}-{about}-{message.Try}"),
        };
        if (wait > TimeSpan.Zero)
            text.ScheduledEnqueueTime = clock.GetUtcNow() + wait;
        return text;
    }
}
