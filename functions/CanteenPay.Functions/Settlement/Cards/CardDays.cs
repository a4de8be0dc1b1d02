using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Cards;

/// <summary>Reads what card money did on a posting day: booked lines only, as the closed loop counts them.</summary>
internal sealed class CardDays(CardStore cards, LedgerStore ledger, BookedLedger booked)
{
    /// <summary>Whether a merchant has accounts.</summary>
    public ValueTask<bool> HasAccountsAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        cards.AccountsAfterAsync(merchant, after: null, maxPerPage: 1, cancellationToken).AnyAsync(cancellationToken);

    /// <summary>The days of which a merchant's ledger has lines, each as often as it has.</summary>
    public IAsyncEnumerable<DateOnly> DaysAsync(MerchantId merchant, DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        ledger.SumsAsync(merchant, first, last.AddDays(1), cancellationToken).Select(line => line.Day);

    /// <summary>A merchant's day; null for one without card money.</summary>
    public async Task<CardTotals?> ReadAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken)
    {
        // Cursors first: what is booked after they were read counts the next time.
        var cursors = await booked.CursorsAsync(merchant, cancellationToken);
        var (sums, debits, meals, lines) = (new Dictionary<LedgerKind, Fen>(), 0, 0, 0L);
        await foreach (var line in ledger.SumsAsync(merchant, day, day.AddDays(1), cancellationToken))
        {
            if (JournalKey.TryRead(line.RowKey, out var journal, out var seq) && seq > cursors.GetValueOrDefault(journal))
                continue;
            lines++;
            sums[line.Kind] = sums.GetValueOrDefault(line.Kind) + line.Amount;
            debits += line.Kind == LedgerKind.Debit ? 1 : 0;
            meals += line.Kind == LedgerKind.Count ? 1 : 0;
        }

        var check = (await cards.FindAsync<LoopRow>(merchant, LoopRow.Key(day.AddDays(1)), cancellationToken))?.Result is { IsSettled: true } told ? told : null;
        if (lines == 0 && check is not { Accounts: > 0 })
            return null;
        Fen Of(LedgerKind kind) => sums.GetValueOrDefault(kind);
        return new()
        {
            Merchant = merchant,
            Day = day,
            TopUps = Of(LedgerKind.TopUp),
            Subsidies = Of(LedgerKind.Subsidy),
            Debits = Of(LedgerKind.Debit),
            Reversals = Of(LedgerKind.Reversal),
            Payouts = Of(LedgerKind.Payout),
            Expiries = Of(LedgerKind.Expiry),
            Corrections = Of(LedgerKind.ExpiryReversal) - Of(LedgerKind.TopUpReversal) - Of(LedgerKind.SubsidyReversal) - Of(LedgerKind.Counter),
            Change = sums.Aggregate(Fen.Zero, (sum, kind) => sum + new Fen(LedgerEntry.SignOf(kind.Key) * kind.Value.Value)),
            DebitCount = debits,
            MealCount = meals,
            Balance = check?.Balance,
            IsLoopClosed = check?.IsClosed,
        };
    }
}
