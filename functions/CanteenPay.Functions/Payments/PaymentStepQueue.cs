using System.Text.Json;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Telemetry;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>Schedules steps on the queue <c>payment-polls</c>: the fast path, not the guardian.</summary>
internal sealed class PaymentStepQueue(ServiceBusClient serviceBus)
{
    /// <summary>The queue.</summary>
    public const string Queue = "payment-polls";

    /// <summary>No step has been taken yet, or which one is not known.</summary>
    public const int NoneTaken = -1;

    private readonly ServiceBusSender _sender = serviceBus.CreateSender(Queue);

    /// <summary>Schedules the next poll of an order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="now">The cloud's clock.</param>
    /// <param name="taken">The number of the step that has just been taken; <see cref="NoneTaken"/> for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task ScheduleNextPollAsync(Order order, DateTimeOffset now, int taken, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(Traced(NextPoll(order.Id, order.CreatedAt, now, taken), order.Traceparent), cancellationToken);

    /// <summary>Schedules the next step of a refund.</summary>
    /// <param name="refund">The refund.</param>
    /// <param name="now">The cloud's clock.</param>
    /// <param name="taken">The number of the step that has just been taken; <see cref="NoneTaken"/> for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task ScheduleNextAsync(Refund refund, DateTimeOffset now, int taken, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(Traced(NextPoll(refund.Id, refund.CreatedAt, now, taken), Spans.Current), cancellationToken);

    /// <summary>Schedules the next step of each of these orders and refunds; one that is scheduled already is folded into it.</summary>
    public async Task ScheduleNextPollsAsync(IReadOnlyCollection<OpenOrderRow> orders, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var batch in orders.Chunk(100))
        {
            await _sender.SendMessagesAsync(
                batch.Select(row => row.Refund is { } refund
                    ? NextPoll(refund, row.CreatedAt, now, NoneTaken)
                    : NextPoll(row.Order, row.CreatedAt, now, NoneTaken)),
                cancellationToken);
        }
    }

    /// <summary>Schedules one step.</summary>
    public Task ScheduleAsync(PaymentStep step, DateTimeOffset due, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(Traced(Message(step, due), Spans.Current), cancellationToken);

    /// <summary>Polls stand side by side below what made their order, not each below the one before it.</summary>
    private static ServiceBusMessage Traced(ServiceBusMessage message, string? traceparent)
    {
        if (traceparent is not null)
            message.ApplicationProperties[Spans.MessageProperty] = traceparent;
        return message;
    }

    private static ServiceBusMessage NextPoll(RefundId refund, DateTimeOffset createdAt, DateTimeOffset now, int taken)
    {
        var next = RefundSchedule.Next(now - createdAt, taken);
        return Message(new(refund.Order, PaymentStepKind.Poll, next.Number, Refund: refund.Number), createdAt + next.DueAge);
    }

    private static ServiceBusMessage NextPoll(OrderId order, DateTimeOffset createdAt, DateTimeOffset now, int taken)
    {
        var next = PollSchedule.Next(now - createdAt, taken);
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
