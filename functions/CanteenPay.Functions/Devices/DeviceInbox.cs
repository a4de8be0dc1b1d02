using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Telemetry;
using CloudEvent = Azure.Messaging.CloudEvent;

namespace CanteenPay.Functions.Devices;

/// <summary>
/// Takes machines' messages off their queues: one that can never be acted on is kept for a person at once, in words; one that failed comes again at once (the
/// host has no back-off), so the waiting before that is done here.
/// </summary>
internal sealed class DeviceInbox(ParkedStore parked, TimeProvider clock)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Reads a message and hands it over.</summary>
    public async Task TakeAsync(
        string queue, CloudEvent routed, FunctionContext context, Func<DeviceEnvelope, CancellationToken, Task> takeAsync, CancellationToken cancellationToken)
    {
        try
        {
            await TakeAsync(DeviceEnvelope.Read(routed), takeAsync, cancellationToken);
        }
        catch (Exception e) when (e is DeviceMessageException or RoutedMessageException)
        {
            await parked.KeepAsync(
                // Whole, as the queue held it, so that a person can send it again.
                new ParkedItem(clock.GetUtcNow(), queue, context.MessageId ?? routed.Id, e.Message, context.Body), cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Wait(context.DeliveryCount), clock, cancellationToken);
            throw;
        }
    }

    private static async Task TakeAsync(DeviceEnvelope envelope, Func<DeviceEnvelope, CancellationToken, Task> takeAsync, CancellationToken cancellationToken)
    {
        using var span = Spans.Process(envelope.Message);
        try
        {
            await takeAsync(envelope, cancellationToken);
        }
        catch (Exception e) when (span is not null)
        {
            span.Fail(e);
            throw;
        }
    }

    private static TimeSpan Wait(int deliveries) =>
        TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Clamp(deliveries - 1, 0, 10)));
}
