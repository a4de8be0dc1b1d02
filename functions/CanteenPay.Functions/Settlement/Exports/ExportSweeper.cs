using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Night;

namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>
/// The guardian of files: sends for those of a date that have been behind since its last look, also those of merchants for whom they could not be made, and begins the delivery that a
/// kill left out.
/// </summary>
internal sealed class ExportSweeper(
    DayIndex index, ClosedDays closed, ContentReader contents, EditionStore editions, Deliveries deliveries, SettlementQueue queue, ILogger<ExportSweeper> logger) : ISweeper
{
    /// <summary>Most dates of a look: the last ones that are open, and the last that were closed. Of more nobody waits for files by the minute.</summary>
    internal const int MostOpen = 40, MostClosed = 3;

    /// <summary>Where closed dates are looked for: as long as the longest holidays.</summary>
    private const int ClosedDaysBack = 14;

    /// <summary>Longer than files of a usual day take.</summary>
    internal static readonly TimeSpan Pace = TimeSpan.FromMinutes(20);

    private DateTimeOffset _next;

    /// <summary>What was behind at the last look.</summary>
    private Dictionary<DateOnly, Behind> _behind = [];

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _next)
            return;
        var through = await closed.ReadAsync(cancellationToken);
        var days = await index.ListDaysAsync(through.Through?.AddDays(-ClosedDaysBack), cancellationToken).ToListAsync(cancellationToken);
        var (behind, apart) = (new Dictionary<DateOnly, Behind>(), new OneByOne());
        foreach (var day in (BusinessDayRow[])[
            .. days.Where(day => through.Holds(day.Day)).TakeLast(MostClosed), .. days.Where(day => !through.Holds(day.Day) && day.IsFannedOut).TakeLast(MostOpen)])
        {
            await apart.TryAsync(() => LookAsync(day.Day, through, behind, cancellationToken), cancellationToken);
        }

        (_behind, _next) = (behind, now + Pace);
        apart.End("dates' files could not be looked after");
    }

    private async Task LookAsync(DateOnly day, ClosedThrough through, Dictionary<DateOnly, Behind> behind, CancellationToken cancellationToken)
    {
        if (await contents.ReadAsync(day, through, cancellationToken) is not { } content)
            return;
        var digest = content.Digest();
        if (await editions.CompleteAsync(day, cancellationToken) is { } there && there.Digest == digest)
        {
            await deliveries.StartAsync(day, there.Number, cancellationToken);
            return;
        }

        // Whose files become more is being made: a second run beside it would only do the same.
        var now = behind[day] = new(digest, await editions.ListFilesAsync(day, cancellationToken).CountAsync(cancellationToken));
        if (_behind.GetValueOrDefault(day) != now)
            return;
        ExportLog.SentAgain(logger, day);
        await queue.ExportAsync(day, cancellationToken);
    }

    private sealed record Behind(string Digest, int MerchantsMade);
}
