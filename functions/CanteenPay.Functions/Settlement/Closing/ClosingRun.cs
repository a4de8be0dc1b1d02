using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Closing;

/// <summary>
/// Completes what a closing began: each merchant of the dates that were closed is settled once more, which decides what its day holds for good. Only then they are final, and their
/// files are sent for. Called when a day is closed, and by the sweep until all is done.
/// </summary>
internal sealed class ClosingRun(TableServiceClient tables, DayIndex index, ClosedDays closed, SettlementQueue queue, TimeProvider clock, ILogger<ClosingRun> logger)
{
    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>A merchant is sent for once in so long, one that was given up once in an hour.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(5), FailedPace = TimeSpan.FromHours(1);

    /// <summary>Goes on, if there is anything to go on with.</summary>
    public async Task GoOnAsync(CancellationToken cancellationToken)
    {
        var read = await closed.ReadAsync(cancellationToken);
        if (read.IsAtRest)
            return;
        // Before the next date can be closed, which takes its place there.
        if (read.ClosedBy is { } who)
            await _settlements.UpsertEntityAsync(who, TableUpdateMode.Replace, cancellationToken);
        if (await closed.TryFinishAsync(cancellationToken))
            await ExportAsync(await closed.ReadAsync(cancellationToken), cancellationToken);
        else
            await SendAsync(cancellationToken);
    }

    /// <summary>Sends for the files of each date that became final. It is noted afterwards: a date that is sent for twice has the same files.</summary>
    private async Task ExportAsync(ClosedThrough read, CancellationToken cancellationToken)
    {
        await foreach (var day in index.ListDaysAsync(read.ExportedThrough, cancellationToken).TakeWhile(day => read.IsFinal(day.Day)))
        {
            SettlementLog.Closed(logger, day.Day);
            await queue.ExportAsync(day.Day, cancellationToken);
        }

        await closed.TryNoteExportedAsync(read, cancellationToken);
    }

    /// <summary>
    /// Sends for those that are undecided. The earliest date first, since the next one begins with what it carries: there are two when one had its first business while the other was
    /// just being closed.
    /// </summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var (waiting, failed, first) = (new List<MerchantId>(), new List<MerchantId>(), (DateOnly?)null);
        await foreach (var row in closed.ListUndecidedAsync(cancellationToken))
        {
            if (row.Day > (first ??= row.Day))
                break;
            (row.Failure is null ? waiting : failed).Add(row.Merchant);
        }

        if (first is not { } day)
            return;
        await SendAsync(day, waiting, Pace, cancellationToken);
        await SendAsync(day, failed, FailedPace, cancellationToken);
    }

    private async Task SendAsync(DateOnly day, IReadOnlyList<MerchantId> merchants, TimeSpan pace, CancellationToken cancellationToken)
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"final-{pace.TotalMinutes}-{clock.GetUtcNow().UtcTicks / pace.Ticks}");
        foreach (var some in merchants.Chunk(SettlementQueue.MostAtOnce))
            await queue.SettleAsync(day, some, run, cancellationToken);
    }
}
