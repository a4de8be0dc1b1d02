using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>Which days are closed; see <see cref="ClosedThrough"/>.</summary>
internal sealed class ClosedDays(TableServiceClient tables, DayIndex index, FinalMarkers markers, PaymentSettings settings, TimeProvider clock)
{
    /// <summary>The table.</summary>
    public const string Table = "Settlements";

    private readonly TableClient _settlements = tables.GetTableClient(Table);

    /// <summary>How far days are closed.</summary>
    public async Task<ClosedThrough> ReadAsync(CancellationToken cancellationToken) =>
        await _settlements.GetEntityIfExistsAsync<ClosedThrough>(ClosedThrough.Partition, ClosedThrough.Row, cancellationToken) ?? ClosedThrough.Nothing;

    /// <summary>
    /// Closes the days through this one. From now on its merchants get their final markers, and when all have them <see cref="TryFinishAsync"/> notes it. Whether the day may be
    /// closed (earlier days closed, nobody due) is the caller's to have looked after <paramref name="read"/> was read.
    /// </summary>
    /// <param name="read">How far days are closed.</param>
    /// <param name="day">The day.</param>
    /// <param name="by">Who closes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How far days are closed now; null when somebody else closed one since it was read.</returns>
    /// <exception cref="InvalidOperationException">The day is closed already, or not over for long enough: postings rely on it.</exception>
    public async Task<ClosedThrough?> TryCloseAsync(ClosedThrough read, DateOnly day, Person by, CancellationToken cancellationToken)
    {
        if (read.Holds(day))
            throw new InvalidOperationException($"{day:yyyy-MM-dd} is closed already.");
        if (clock.GetUtcNow() < DayHours.CompleteFrom(day, settings.SettlementCutOff))
            throw new InvalidOperationException($"{day:yyyy-MM-dd} cannot be closed before {DayHours.CompleteFrom(day, settings.SettlementCutOff):yyyy-MM-dd HH:mm}.");
        return await TryWriteAsync(read with { Through = day, ClosedBy = new(day, clock.GetUtcNow(), by) }, cancellationToken);
    }

    /// <summary>The merchants of closed days whose final markers are still missing: they are to be settled for the last time.</summary>
    public async IAsyncEnumerable<DayIndexRow> ListUndecidedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = await ReadAsync(cancellationToken);
        await foreach (var row in ListUndecidedAsync(read, cancellationToken))
            yield return row;
    }

    /// <summary>
    /// Notes that all merchants of the closed days have their final markers, if they have: from then on a merchant without one had no business when the day was closed.
    /// Until then postings that came too late wait, so a sweep tries it each minute while <see cref="ClosedThrough.FinalThrough"/> is behind.
    /// </summary>
    /// <returns>Whether all that is closed is final now, by whomever.</returns>
    public async Task<bool> TryFinishAsync(CancellationToken cancellationToken)
    {
        var read = await ReadAsync(cancellationToken);
        if (read.Through is not { } through || read.IsFinal(through))
            return true;
        return !await ListUndecidedAsync(read, cancellationToken).AnyAsync(cancellationToken)
            && await TryWriteAsync(read with { FinalThrough = through }, cancellationToken) is not null;
    }

    /// <summary>Notes that the files of all days that were read as final were sent for. False when somebody wrote meanwhile: they are sent for once more.</summary>
    public async Task<bool> TryNoteExportedAsync(ClosedThrough read, CancellationToken cancellationToken) =>
        await TryWriteAsync(read with { ExportedThrough = read.FinalThrough }, cancellationToken) is not null;

    private async IAsyncEnumerable<DayIndexRow> ListUndecidedAsync(ClosedThrough read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var business in index.ListDaysAsync(read.FinalThrough, cancellationToken))
        {
            if (!read.Holds(business.Day))
                break;
            var decided = await markers.ListAsync(business.Day, cancellationToken).Select(marker => marker.Merchant).ToHashSetAsync(cancellationToken: cancellationToken);
            await foreach (var row in index.ListAsync(business.Day, cancellationToken))
            {
                if (!decided.Contains(row.Merchant))
                    yield return row;
            }
        }
    }

    private async Task<ClosedThrough?> TryWriteAsync(ClosedThrough next, CancellationToken cancellationToken)
    {
        try
        {
            var version = next.Version == default
                ? await _settlements.AddEntityAsync(next, cancellationToken)
                : await _settlements.UpdateEntityAsync(next, next.Version, TableUpdateMode.Replace, cancellationToken);
            return next with { Version = version };
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict)
        {
            return null;
        }
    }
}
