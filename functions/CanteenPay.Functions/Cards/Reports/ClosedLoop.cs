using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>The nightly check of a merchant's card money. It reads while nothing changes: it looks at the feed before and after, and begins anew when that moved.</summary>
internal sealed class ClosedLoop(CardStore cards, LedgerStore ledger, BookedLedger booked, TimeProvider clock, ILogger<ClosedLoop> logger)
{
    private const int MaxAttempts = 6;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Checks, keeps the result, and says aloud what does not close.</summary>
    public async Task<LoopResult> CheckAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var result = await SettledAsync(merchant, cancellationToken);
        await KeepAsync(merchant, result, cancellationToken);
        if (result.IsClosed)
            ReportLog.LoopClosed(logger, merchant.Value, result.Accounts, result.Lines, result.Balance.ToString());
        else if (!result.IsSettled)
            ReportLog.LoopUnsettled(logger, merchant.Value, MaxAttempts);
        else
        {
            ReportLog.LoopDiffers(
                logger, merchant.Value, result.Difference.ToString(), result.DifferingAccounts, string.Join(", ", result.Differing.Select(account => account.AccountId)),
                string.Join(", ", result.Holes), string.Join(", ", result.Missing));
        }

        return result;
    }

    private async Task<LoopResult> SettledAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(FirstWait * (1 << attempt), clock, cancellationToken);
            if (await StillAsync(merchant, cancellationToken) is not { } before)
                continue;
            var result = await SumAsync(merchant, before, cancellationToken);
            if (await StillAsync(merchant, cancellationToken) == before)
                return result;
        }

        return new(BusinessDay.Local(clock.GetUtcNow()), FeedVersion: 0, Accounts: 0, Lines: 0, Kinds: []) { IsSettled = false };
    }

    /// <summary>The feed's version, when it has taken up every change: every transaction that moves money leaves one to be taken up.</summary>
    private async Task<long?> StillAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        // In this order: a change that the feed takes up in between shows in its version.
        var version = (await cards.FeedAsync(merchant, cancellationToken)).Current;
        return await cards.ChangesAsync(merchant, maxPerPage: 1, cancellationToken).AnyAsync(cancellationToken) ? null : version;
    }

    private async Task<LoopResult> SumAsync(MerchantId merchant, long version, CancellationToken cancellationToken)
    {
        var sums = new LoopSums(await booked.CursorsAsync(merchant, cancellationToken));
        // Operations before the ledger: one that is finished has its lines there already.
        var unfinished = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in cards.ListAsync<TableEntity>(merchant, CardKeys.OperationPrefix, maxPerPage: null, cancellationToken))
        {
            // An operation comes before what it noted, though others may come in between; automatic entries have a note only.
            if (row.RowKey.Contains('.', StringComparison.Ordinal))
            {
                var note = MovedRow.FromTableEntity(row);
                sums.Note(note, !unfinished.Contains(note.Key));
            }
            else if (OperationRow.FromTableEntity(row) is { IsFinished: false } open)
            {
                unfinished.Add(open.Key);
            }
        }

        await foreach (var line in ledger.SumsAsync(merchant, cancellationToken))
            sums.Count(line);
        await foreach (var account in cards.BalancesAsync(merchant, cancellationToken))
            sums.Hold(account.Account, account.Balance);
        return sums.Result(clock.GetUtcNow(), version);
    }

    private async Task KeepAsync(MerchantId merchant, LoopResult result, CancellationToken cancellationToken)
    {
        var day = BusinessDay.Of(result.At);
        var before = await cards.FindAsync<LoopRow>(merchant, LoopRow.Key(day), cancellationToken);
        // Somebody else who checked at the same time has kept as good a result.
        await cards.TryWriteAsync(new CardTransaction().Write(new LoopRow(merchant, day, result), before?.Version ?? default), cancellationToken);
    }
}
