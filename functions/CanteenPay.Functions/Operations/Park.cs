using Azure;
using CanteenPay.Azure.Functions;

namespace CanteenPay.Functions.Operations;

/// <summary>Keeps what every queue gave up on: queue <c>parked</c>, to which dead letters are forwarded.</summary>
internal sealed class Park(ParkedStore store, TimeProvider clock)
{
    private const string Queue = "parked";

    /// <summary>
    /// Storage that was down long enough to fill this queue is often still down: waited for here, since a failed invocation would come back at once and ten of
    /// them end in a dead-letter queue that nobody reads. Together less than the function's time-out of 5 minutes.
    /// </summary>
    private static readonly TimeSpan[] Waits = [.. new[] { 1, 2, 4, 8, 16, 30, 60, 60 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>Keeps one dead letter with the reason that Service Bus noted.</summary>
    [Function("Park")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queue, Connection = "ServiceBus")] BinaryData body, FunctionContext context, CancellationToken cancellationToken)
    {
        var reason = $"{context.DeadLetterReason}: {context.DeadLetterErrorDescription}".Trim(':', ' ');
        var item = new ParkedItem(
            context.EnqueuedTime ?? clock.GetUtcNow(),
            context.DeadLetterSource ?? Queue,
            context.MessageId ?? context.InvocationId,
            reason.Length == 0 ? "No reason was given." : reason,
            body);
        foreach (var wait in Waits)
        {
            try
            {
                await store.KeepAsync(item, cancellationToken);
                return;
            }
            catch (RequestFailedException)
            {
                await Task.Delay(wait, clock, cancellationToken);
            }
        }

        await store.KeepAsync(item, cancellationToken);
    }
}
