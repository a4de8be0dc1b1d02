using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Host.Apps;
using CanteenPay.LocalCloud.Host.Handlers;
using CanteenPay.LocalCloud.ServiceBus;
using Microsoft.Data.Sqlite;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>Carries one queue's messages to its function, as many at once as host.json allows.</summary>
internal sealed class QueuePump(
    FunctionDefinition function, QueueTrigger trigger, HostSettings host, double timeScale, QueueStore queues, Invoker invoker, Hop deliveries, TimeProvider time, ILogger log)
{
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, host.MaxConcurrentCalls).Select(_ => PumpAsync(stop)));

    private async Task PumpAsync(CancellationToken stop)
    {
        try
        {
            while (await queues.ReceiveAsync(trigger.Queue, Timeout.InfiniteTimeSpan, stop) is { } message)
                await ProcessAsync(message, stop);
        }
        catch (OperationCanceledException)
        {
            // Stopping, or the queues were closed. What is under way keeps its lock until it runs out, as when the real host's process ends.
        }
        catch (Exception e) when (e is SqliteException or QueueException or ObjectDisposedException)
        {
            log.LogCritical(e, "{Function} takes no more messages from {Queue}: the queue cannot be used", function.Name, trigger.Queue);
        }
        catch (HandlerGoneException e)
        {
            log.LogError("{Function} takes no more messages from {Queue}: {Reason}", function.Name, trigger.Queue, e.Message);
        }
    }

    private async Task ProcessAsync(LockedMessage message, CancellationToken stop)
    {
        var verdict = deliveries.Next() ?? default;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewal = RenewAsync(message, done.Token);
        string? error;
        try
        {
            if (verdict.Delay > TimeSpan.Zero)
            {
                deliveries.Count(FaultKind.Delay);
                await deliveries.WaitAsync(verdict.Delay, time, stop);
            }
            error = await invoker.InvokeAsync(sys => QueueInvocation.Body(function, trigger.Binary, message, sys), stop);
        }
        finally
        {
            await done.CancelAsync();
            await renewal;
        }
        // A lock that was lost in the moment of completion. Once for a message: doubling without end would be a dead letter, not a double.
        var again = verdict.Twice && error is null && message.DeliveryCount == 1;
        if (again)
            deliveries.Count(FaultKind.Double);
        var settled = error is null && !again ? queues.Complete(message.Address, message.LockToken) : queues.Abandon(message.Address, message.LockToken);
        if (!settled)
            log.LogWarning("{Function}: the lock of {MessageId} ran out during the invocation; the message comes again", function.Name, message.MessageId);
    }

    private async Task RenewAsync(LockedMessage message, CancellationToken done)
    {
        var end = time.GetUtcNow() + host.MaxLockRenewal * timeScale;
        var until = message.LockedUntil;
        try
        {
            while (time.GetUtcNow() < end)
            {
                await Task.Delay((until - time.GetUtcNow()) / 2 is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, done);
                if (queues.Renew(message.Address, message.LockToken) is not { } renewed)
                    return;
                until = renewed;
            }
        }
        catch (OperationCanceledException)
        {
            // The invocation ended, and with it the need of its lock.
        }
    }
}
