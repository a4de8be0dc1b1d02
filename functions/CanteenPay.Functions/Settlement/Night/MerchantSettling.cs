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
        if (sheet.Final is not null || through.IsFinal(day))
            return await IsDoneAsync(noted, noted, cancellationToken);

        var place = await chain.AroundAsync(merchant, day, cancellationToken);
        var read = await reading.ReadAsync(merchant, day, place.CarriedIn, cancellationToken);
        var latest = sheet.Latest;
        if (read.IsAnything || latest is not null)
        {
            latest = await RevisionAsync(sheet, read.Statement, cancellationToken);
            if (latest is null || !await carryOn.TryAsync(latest, sheet, place, cancellationToken))
                return false;
        }
        else
        {
            await carryOn.NothingAsync(merchant, place, cancellationToken);
        }

        if (await CardsAsync(merchant, day, sheet, cancellationToken) is not { } cardRevision)
            return false;
        if (through.Holds(day) && !await CloseAsync(day, merchant, read, sheet, latest, cancellationToken))
            return false;
        return await IsDoneAsync(noted, noted with { Revision = latest?.Revision ?? 0, CardRevision = cardRevision }, cancellationToken);
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

    private async Task<bool> CloseAsync(DateOnly day, MerchantId merchant, DayRead read, MerchantSheet sheet, StatementRow? latest, CancellationToken cancellationToken)
    {
        if (read.BelatedKeys.Count > DayReading.MostBelated)
        {
            throw new UnsettledException(
                merchant, day, $"More than {DayReading.MostBelated} postings came after its night began.", "Find out why they were so late before the day is closed.");
        }

        // A revision that was made just now was changed by nobody, but its version is not known: it is read again.
        return (latest is null || latest.Version != default) && await statements.TryCloseAsync(new(day, merchant, latest?.Revision ?? 0, read.BelatedKeys), latest, cancellationToken);
    }

    /// <summary>Takes away that it is due, and that it failed, unless somebody marked it since it was read.</summary>
    private async Task<bool> IsDoneAsync(DayIndexRow read, DayIndexRow done, CancellationToken cancellationToken)
    {
        done = done with { IsDue = false, Failure = null, FailedAt = null, Tries = 0 };
        return done == read || await index.TryUpdateAsync(read, done, cancellationToken) is not null;
    }
}
