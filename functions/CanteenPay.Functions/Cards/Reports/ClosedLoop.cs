using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>The nightly check of a merchant's card money. It reads while nothing changes: it looks at the feed before and after, and begins anew when that moved.</summary>
internal sealed class ClosedLoop(CardStore cards, LedgerStore ledger, BookedLedger booked, KeptDays kept, TimeProvider clock, ILogger<ClosedLoop> logger)
{
    private const int MaxAttempts = 6;

    /// <summary>Of what a week brought late somebody should still hear.</summary>
    private const int FlaggedDays = 7;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Within <c>functionTimeout</c>, which ends the whole process and what else runs in it.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromMinutes(4);

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
        var until = clock.GetUtcNow() + LongestCheck;
        for (var attempt = 0; attempt < MaxAttempts && clock.GetUtcNow() < until; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(FirstWait * (1 << attempt), clock, cancellationToken);
            if (await StillAsync(merchant, cancellationToken) is not { } before)
                continue;
            if (await SumAsync(merchant, until, cancellationToken) is not var (sums, read))
                break;
            if (await StillAsync(merchant, cancellationToken) != before)
                continue;
            var now = clock.GetUtcNow();
            await kept.KeepAsync(merchant, read, sums.DaysBefore(DaySumRow.KeptBefore(now)), cancellationToken);
            return sums.Result(now, before);
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

    /// <summary>Everything that is there; null when there is so much that it takes too long.</summary>
    private async Task<(LoopSums Sums, UnkeptDays Read)?> SumAsync(MerchantId merchant, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var flaggedFrom = BusinessDay.Of(clock.GetUtcNow()).AddDays(-FlaggedDays);
        var sums = new LoopSums(await booked.CursorsAsync(merchant, cancellationToken), flaggedFrom);
        var days = await kept.ReadAsync(merchant, sums.Take, cancellationToken);

        // Operations before the ledger: one that is finished has its lines there already.
        var unfinished = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var operation in cards.UnfinishedAsync(merchant, cancellationToken))
        {
            unfinished.Add(operation.Key);
            sums.Await(operation.PostingDay);
        }

        // Automatic entries have a note only.
        await foreach (var note in cards.MovedAsync(merchant, days.First, cancellationToken).Where(note => days.Have(note.Entries[0].PostingDay)))
            sums.Note(note, !unfinished.Contains(note.Key));

        foreach (var (from, before) in days.Stretches)
        {
            await foreach (var line in ledger.SumsAsync(merchant, from, before, cancellationToken))
            {
                if (clock.GetUtcNow() > until)
                    return null;
                sums.Count(line);
            }
        }

        await foreach (var account in cards.BalancesAsync(merchant, cancellationToken))
            sums.Hold(account.Account, account.Balance);
        return (sums, days);
    }

    private async Task KeepAsync(MerchantId merchant, LoopResult result, CancellationToken cancellationToken)
    {
        var day = BusinessDay.Of(result.At);
        var before = await cards.FindAsync<LoopRow>(merchant, LoopRow.Key(day), cancellationToken);
        // Somebody else who checked at the same time has kept as good a result.
        await cards.TryWriteAsync(new CardTransaction().Write(new LoopRow(merchant, day, result), before?.Version ?? default), cancellationToken);
    }
}
