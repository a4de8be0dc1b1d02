using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports.Rules;

/// <summary>
/// The closed loop of a merchant: top-ups + subsidies − debits + reversals − payouts − expiries ± corrections = what the accounts hold, in all and for each account.
/// Machines' lines count up to their cursors; lines of operations where the operation's own note is there.
/// </summary>
/// <param name="cursors">For each journal its last booked entry.</param>
internal sealed class LoopSums(IReadOnlyDictionary<string, long> cursors)
{
    private const int MostNamed = 20;

    private readonly Dictionary<AccountId, Fen> _entries = [];
    private readonly Dictionary<AccountId, Fen> _balances = [];
    private readonly SortedDictionary<LedgerKind, Fen> _kinds = [];
    private readonly Dictionary<string, long> _counted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (LedgerEntry Entry, bool IsFinished)> _noted = new(StringComparer.Ordinal);
    private long _lines;

    /// <summary>What an operation noted that it moved.</summary>
    /// <param name="moved">The note.</param>
    /// <param name="isFinished">The ledger must have its lines; otherwise they may still come.</param>
    public void Note(MovedRow moved, bool isFinished)
    {
        foreach (var row in moved.LedgerRows)
            _noted[row.RowKey] = (row.Entry, isFinished);
    }

    /// <summary>A line of the ledger.</summary>
    public void Count(LedgerSumRow line)
    {
        if (JournalKey.TryRead(line.RowKey, out var journal, out var seq))
        {
            if (seq > cursors.GetValueOrDefault(journal))
                return;
            _counted[journal] = _counted.GetValueOrDefault(journal) + 1;
        }
        else if (!_noted.Remove(line.RowKey))
        {
            return;
        }

        Add(line.Account, line.Kind, line.Amount);
    }

    /// <summary>What an account holds.</summary>
    public void Hold(AccountId account, Fen balance) => _balances[account] = balance;

    /// <summary>What it comes to, once everything was counted.</summary>
    public LoopResult Result(DateTimeOffset at, long feedVersion)
    {
        // Lines that a killed process still owes: the sweep writes them. A finished operation owes none, so what it lacks is missed.
        foreach (var (entry, _) in _noted.Values.Where(noted => !noted.IsFinished))
            Add(entry.AccountId, entry.Kind, entry.Amount);
        var differing = _entries.Keys.Union(_balances.Keys)
            .Select(account => new AccountDifference(account, _entries.GetValueOrDefault(account), _balances.GetValueOrDefault(account)))
            .Where(account => account.Entries != account.Balance).OrderBy(account => account.AccountId.Value, StringComparer.Ordinal).ToList();
        var holes = cursors.Where(cursor => _counted.GetValueOrDefault(cursor.Key) != cursor.Value)
            .Select(cursor => $"{cursor.Key}: {_counted.GetValueOrDefault(cursor.Key)} of {cursor.Value}").Order(StringComparer.Ordinal).ToList();
        var missing = _noted.Where(noted => noted.Value.IsFinished).Select(noted => noted.Key).Order(StringComparer.Ordinal).ToList();
        return new(BusinessDay.Local(at), feedVersion, _balances.Count, _lines, [.. _kinds.Select(kind => new LoopKind(kind.Key, kind.Value))])
        {
            Entries = Sum(_entries.Values),
            Balance = Sum(_balances.Values),
            DifferingAccounts = differing.Count,
            Differing = [.. differing.Take(MostNamed)],
            Holes = [.. holes.Take(MostNamed)],
            Missing = [.. missing.Take(MostNamed)],
        };
    }

    private void Add(AccountId account, LedgerKind kind, Fen amount)
    {
        var change = LedgerEntry.SignOf(kind) switch
        {
            > 0 => amount,
            < 0 => Fen.Zero - amount,
            _ => Fen.Zero,
        };
        _entries[account] = _entries.GetValueOrDefault(account) + change;
        _kinds[kind] = _kinds.GetValueOrDefault(kind) + amount;
        _lines++;
    }

    private static Fen Sum(IEnumerable<Fen> amounts) => amounts.Aggregate(Fen.Zero, (sum, amount) => sum + amount);
}
