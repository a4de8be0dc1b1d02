using CanteenPay.Azure.Functions;

namespace CanteenPay.Functions.Operations;

/// <summary>Keeps what every queue gave up on: queue <c>parked</c>, to which dead letters are forwarded.</summary>
internal sealed class Park(ParkedStore store, TimeProvider clock)
{
    private const string Queue = "parked";

    /// <summary>Keeps one dead letter with the reason that Service Bus noted.</summary>
    [Function("Park")]
    public Task RunAsync([ServiceBusTrigger(Queue, Connection = "ServiceBus")] BinaryData body, FunctionContext context, CancellationToken cancellationToken)
    {
        var reason = $"{context.DeadLetterReason}: {context.DeadLetterErrorDescription}".Trim(':', ' ');
        return store.KeepAsync(
            new ParkedItem(
                context.EnqueuedTime ?? clock.GetUtcNow(),
                context.DeadLetterSource ?? Queue,
                context.MessageId ?? context.InvocationId,
                reason.Length == 0 ? "No reason was given." : reason,
                body),
            cancellationToken);
    }
}
