using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement;

/// <summary>What is done about a settlement date: queue <c>settlement</c>.</summary>
internal sealed class SettleMerchant(
    MerchantSettling settling, DayIndex index, SettlementQueue queue, IDayExport export, IDelivery delivery, TimeProvider clock, ILogger<SettleMerchant> logger)
{
    /// <summary>Longest text of a failure that is listed.</summary>
    private const int MaxFailure = 500, MaxConflicts = 10;

    /// <summary>A failed invocation would come back at once, ten times. Waiting is ours; so many tries and one.</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    /// <summary>Takes one message. Safe to run again after any step, and beside another one.</summary>
    [Function("SettleMerchant")]
    public async Task RunAsync([ServiceBusTrigger(SettlementQueue.Queue, Connection = "ServiceBus")] SettlementMessage message, CancellationToken cancellationToken)
    {
        switch (message.Type)
        {
            case SettlementTask.Settle:
                await SettleAsync(message, message.Merchant ?? throw new InvalidOperationException("The message names no merchant."), cancellationToken);
                break;
            case SettlementTask.Export:
                await export.RunAsync(message.Day, cancellationToken);
                break;
            case SettlementTask.Deliver:
                await delivery.RunAsync(message.Day, message.Edition, message.Try, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows how to {message.Type} a day.");
        }
    }

    private async Task SettleAsync(SettlementMessage message, MerchantId merchant, CancellationToken cancellationToken)
    {
        try
        {
            await settling.SettleAsync(message.Day, merchant, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (message.Try < Waits.Length)
            {
                SettlementLog.Failed(logger, e, message.Day, merchant.Value, message.Try + 1, Waits[message.Try].TotalSeconds);
                await queue.AgainAsync(message, Waits[message.Try], cancellationToken);
                return;
            }

            await ListAsync(message, merchant, e, cancellationToken);
        }

        // Nobody looks here whether he is the last: that would read the day's rows once for each of them. The queue makes one message of those of five seconds, and whoever takes it looks.
        // Also when nothing changed: a message that comes again after a kill finds all done but this.
        await queue.ExportAsync(message.Day, cancellationToken);
    }

    private async Task ListAsync(SettlementMessage message, MerchantId merchant, Exception failure, CancellationToken cancellationToken)
    {
        SettlementLog.GaveUp(logger, failure, message.Day, merchant.Value, message.Try + 1);
        var why = failure.Message.Length <= MaxFailure ? failure.Message : failure.Message[..MaxFailure];
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (await index.FindAsync(message.Day, merchant, cancellationToken) is not { } row)
                return;
            var failed = row with { IsDue = true, Failure = why, FailedAt = clock.GetUtcNow(), Tries = message.Try + 1 };
            if (await index.TryUpdateAsync(row, failed, cancellationToken) is not null)
                return;
        }

        throw new InvalidOperationException($"The row of merchant {merchant} on {message.Day:yyyy-MM-dd} was written by others {MaxConflicts} times in a row.", failure);
    }
}
