using System.Text.Json;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Rules;

namespace CanteenPay.Functions.Payments;

/// <summary>Schedules steps on the queue <c>payment-polls</c>: the fast path, not the guardian.</summary>
internal sealed class PaymentSteps(ServiceBusClient serviceBus)
{
    /// <summary>The queue.</summary>
    public const string Queue = "payment-polls";

    private readonly ServiceBusSender _sender = serviceBus.CreateSender(Queue);

    /// <summary>Schedules the next poll of an order.</summary>
    public Task ScheduleNextPollAsync(Order order, DateTimeOffset now, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(NextPoll(order.Id, order.CreatedAt, now), cancellationToken);

    /// <summary>Schedules the next poll of each of these orders; one that is scheduled already is folded into it.</summary>
    public async Task ScheduleNextPollsAsync(IReadOnlyCollection<OpenOrderRow> orders, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var batch in orders.Chunk(100))
            await _sender.SendMessagesAsync(batch.Select(row => NextPoll(row.Order, row.CreatedAt, now)), cancellationToken);
    }

    /// <summary>Schedules one step.</summary>
    public Task ScheduleAsync(PaymentStep step, DateTimeOffset due, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(Message(step, due), cancellationToken);

    private static ServiceBusMessage NextPoll(Protocol.OrderId order, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var next = PollSchedule.Next(now - createdAt);
        return Message(new(order, PaymentStepKind.Poll, next.Number), createdAt + next.DueAge);
    }

    private static ServiceBusMessage Message(PaymentStep step, DateTimeOffset due) =>
        new(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(step, FunctionsJson.Default.PaymentStep)))
        {
            MessageId = step.MessageId,
            ContentType = "application/json",
            ScheduledEnqueueTime = due,
        };
}
