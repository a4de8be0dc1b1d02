using System.Globalization;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Night;

/// <summary>Hands what a statement carries to the next one.</summary>
internal sealed class CarryOn(StatementChain chain, CarriedMerchants carried, DayIndex index, SettlementQueue queue)
{
    /// <summary>
    /// Puts a statement into its merchant's chain, then looks at its neighbours: of two days that are settled at the same time, the one that writes later sees the other.
    /// </summary>
    /// <param name="latest">The statement.</param>
    /// <param name="sheet">The merchant's day as it was before.</param>
    /// <param name="read">The place as it was when the statement was reckoned.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when what it relies on has changed.</returns>
    public async Task<bool> TryAsync(StatementRow latest, MerchantSheet sheet, ChainPlace read, CancellationToken cancellationToken)
    {
        var statement = latest.Statement;
        if (!await chain.TryPutAsync(ChainRow.Of(statement, latest.Revision), read.Own, cancellationToken))
            return false;
        var mayForget = statement.CarriedOut == Fen.Zero && (statement.CarriedIn < Fen.Zero || sheet.Revisions.Any(revision => revision.Statement.CarriedOut < Fen.Zero));
        var known = mayForget ? await carried.FindAsync(statement.Merchant, cancellationToken) : null;
        var place = await chain.AroundAsync(statement.Merchant, statement.Day, cancellationToken);
        if (place.CarriedIn != statement.CarriedIn || place.Own?.Revision != latest.Revision)
            return false;
        if (place.Next is not { } next)
        {
            if (statement.CarriedOut < Fen.Zero)
                await carried.NoteAsync(new(statement.Merchant, statement.Day, statement.CarriedOut), cancellationToken);
            else
                await carried.ForgetAsync(known, cancellationToken);
        }
        else if (next.CarriedIn != statement.CarriedOut)
        {
            await index.MarkDueAsync(next.Day, statement.Merchant, cancellationToken);
            var run = string.Create(CultureInfo.InvariantCulture, $"after-{BusinessDay.Key(statement.Day)}-r{latest.Revision}");
            await queue.SettleAsync(next.Day, [statement.Merchant], run, cancellationToken);
        }

        return true;
    }

    /// <summary>A merchant without a statement to make owes nothing any more, if it was said to.</summary>
    public async Task NothingAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken)
    {
        if (await carried.FindAsync(merchant, cancellationToken) is not { } known)
            return;
        var place = await chain.AroundAsync(merchant, day, cancellationToken);
        if (place is { Own: null, Next: null } && place.CarriedIn == Fen.Zero)
            await carried.ForgetAsync(known, cancellationToken);
    }
}
