using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Days;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>Reads what an edition of a date would hold by now.</summary>
internal sealed class ContentReader(DayIndex index, PaymentSettings settings, TimeProvider clock, ILogger<ContentReader> logger)
{
    /// <summary>The content; null, and the log says why, while there can be no edition of the date.</summary>
    /// <param name="day">The date.</param>
    /// <param name="through">How far days are closed, read before this.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EditionContent?> ReadAsync(DateOnly day, ClosedThrough through, CancellationToken cancellationToken)
    {
        // While a day goes on, its statements are behind its postings by the time they are written down.
        if (clock.GetUtcNow() < DayHours.CompleteFrom(day, settings.SettlementCutOff))
            return NotYet(day, "it is not over");
        var isFinal = through.IsFinal(day);
        // Each merchant's last revision would be another edition.
        if (through.Holds(day) && !isFinal)
            return NotYet(day, "it is being closed");
        // Asked first, and in one read: many ask while a day is settled.
        if (!isFinal && await index.ListDueAsync(day, cancellationToken).AnyAsync(IsBeingSettled, cancellationToken))
            return NotYet(day, "merchants are being settled");
        var rows = await index.ListAsync(day, cancellationToken).ToListAsync(cancellationToken);
        // What was noted or marked after the day was closed for good went to a later day.
        if (isFinal)
            rows = [.. rows.Where(row => row.Revision > 0 || row.CardRevision > 0).Select(row => row with { IsDue = false, Failure = null })];
        if (rows.Exists(IsBeingSettled))
            return NotYet(day, "merchants are being settled");
        return rows.Count > 0 ? new(day, isFinal, rows) : NotYet(day, "nobody had business");
    }

    private static bool IsBeingSettled(DayIndexRow row) => row is { IsDue: true, Failure: null };

    private EditionContent? NotYet(DateOnly day, string why)
    {
        ExportLog.NotYet(logger, day, why);
        return null;
    }
}
