using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Shares;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>
/// Makes a merchant's statement of a date, or finds that the latest one says the same. Safe to run again after any step, and beside others: see <c>README.md</c> for the order of the
/// steps and what each relies on.
/// </summary>
internal sealed class MerchantSettling(
    DayIndex index, ClosedDays closed, StatementStore statements, DayReading reading, StatementChain chain, CarryOn carryOn, ShareStore shares, CardDays cards, TimeProvider clock)
{
    private const int MaxConflicts = 10;

    /// <summary>Settles it. A day that is closed for good stays as it is.</summary>
    /// <exception cref="UnsettledException">It cannot be reckoned.</exception>
    /// <exception cref="InvalidOperationException">Others wrote the same again and again.</exception>
    public async Task SettleAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (await TrySettleAsync(day, merchant, cancellationToken))
                return;
        }

        throw new InvalidOperationException($"{day:yyyy-MM-dd} of merchant {merchant} was written by others {MaxConflicts} times in a row.");
    }

    /// <summary>Settles by what is read now; false when somebody changed meanwhile what this relies on.</summary>
    private async Task<bool> TrySettleAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken)
    {
        // The index before the postings: who posts after they were read marks it, and the last write here fails.
        if (await index.FindAsync(day, merchant, cancellationToken) is not { } noted)
            return true;
        // The latest revision before the postings: it holds none that are not read here.
        var sheet = await statements.ReadAsync(merchant, day, cancellationToken);
        var through = await closed.ReadAsync(cancellationToken);
        // Its last revisions may have come without the index row: a kill, or a mark, came between.
        if (sheet.Final is not null || (through.IsFinal(day) && sheet.Latest is null))
            return await IsDoneAsync(noted, noted with { Revision = sheet.Latest?.Revision ?? 0, CardRevision = sheet.LatestCards?.Revision ?? 0 }, through, cancellationToken);

        var place = await chain.AroundAsync(merchant, day, cancellationToken);
        var read = await reading.ReadAsync(merchant, day, place.CarriedIn, cancellationToken);
        var latest = sheet.Latest;
        if (read.IsAnything || latest is not null)
        {
            latest = await RevisionAsync(sheet, read.Statement, cancellationToken);
            if (latest is null || !await carryOn.TryAsync(latest, sheet, place, cancellationToken))
                return false;
            // A merchant that had no business when the day was closed is sent for by nobody: whoever was about to make its first statement closes it too.
            if (sheet.Latest is null && !through.Holds(day) && (await closed.ReadAsync(cancellationToken)).Holds(day))
                return false;
        }
        else
        {
            await carryOn.NothingAsync(merchant, day, cancellationToken);
        }

        if (await CardsAsync(merchant, day, sheet, cancellationToken) is not { } cardRevision)
            return false;
        if (through.Holds(day) && !await CloseAsync(new(day, merchant, latest?.Revision ?? 0, read.BelatedKeys) { CardRevision = cardRevision }, latest, cancellationToken))
            return false;
        return await IsDoneAsync(noted, noted with { Revision = latest?.Revision ?? 0, CardRevision = cardRevision }, through, cancellationToken);
    }

    /// <summary>The revision that says this; null when somebody else made one.</summary>
    private async Task<StatementRow?> RevisionAsync(MerchantSheet sheet, Statement statement, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (sheet.Latest is { } latest)
        {
            // Also of one whose maker was killed: each revision's difference is posted before the next one is made.
            await shares.PostAsync(latest.Revision, latest.Statement, sheet.Before(latest), now, cancellationToken);
        }

        var made = StatementRow.After(sheet.Latest, statement, now);
        if (sheet.Latest?.Body == made.Body)
            return sheet.Latest;
        if (!await statements.TryAddAsync(made, sheet.Latest, cancellationToken))
            return null;
        await shares.PostAsync(made.Revision, made.Statement, sheet.Latest?.Statement, now, cancellationToken);
        return made;
    }

    /// <summary>The revision of the card totals that says what the ledger does, 0 for none; null when somebody else made one.</summary>
    private async Task<int?> CardsAsync(MerchantId merchant, DateOnly day, MerchantSheet sheet, CancellationToken cancellationToken)
    {
        if (await cards.ReadAsync(merchant, day, cancellationToken) is not { } totals || totals == sheet.LatestCards?.Totals)
            return sheet.LatestCards?.Revision ?? 0;
        var made = CardTotalsRow.After(sheet.LatestCards, totals, clock.GetUtcNow());
        return await statements.TryAddAsync(made, cancellationToken) ? made.Revision : null;
    }

    /// <summary>A revision that was made just now was changed by nobody, but its version is not known: it is read again.</summary>
    private async Task<bool> CloseAsync(FinalMarker marker, StatementRow? latest, CancellationToken cancellationToken) =>
        (latest is null || latest.Version != default) && await statements.TryCloseAsync(marker, latest, cancellationToken);

    /// <summary>
    /// Takes away that it is due, and that it failed, unless somebody marked it since it was read. On a closed day the row is written in any case: whoever read it before the closing and
    /// comes after it must not write it any more.
    /// </summary>
    private async Task<bool> IsDoneAsync(DayIndexRow read, DayIndexRow done, ClosedThrough through, CancellationToken cancellationToken)
    {
        done = done with { IsDue = false, Failure = null, FailedAt = null, Tries = 0 };
        return (done == read && !through.Holds(read.Day)) || await index.TryUpdateAsync(read, done, cancellationToken) is not null;
    }
}
