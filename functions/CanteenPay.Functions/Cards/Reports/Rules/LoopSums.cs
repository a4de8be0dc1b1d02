using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports.Rules;

/// <summary>
/// The closed loop of a merchant: top-ups + subsidies − debits + reversals − payouts − expiries ± corrections = what the accounts hold, in all and for each account.
/// Machines' lines count up to their cursors; lines of operations where the operation's own note is there.
/// </summary>
/// <param name="cursors">For each journal its last booked entry.</param>
/// <param name="flaggedFrom">The first posting day whose flags are counted.</param>
internal sealed class LoopSums(IReadOnlyDictionary<string, long> cursors, DateOnly flaggedFrom)
{
    private const int MostNamed = 20;

    private readonly DaySum _kept = new();
    private readonly Dictionary<DateOnly, DaySum> _days = [];
    private readonly Dictionary<AccountId, Fen> _balances = [];
    private readonly Dictionary<string, (LedgerEntry Entry, bool IsFinished)> _noted = new(StringComparer.Ordinal);
    private readonly HashSet<DateOnly> _awaited = [];
    private readonly SortedDictionary<(DateOnly Day, EntryFlags Flag), int> _flagged = [];

    /// <summary>Days that were summed up before, and whose lines are not counted.</summary>
    public void Take(DaySum kept) => _kept.Add(kept);

    /// <summary>An operation of that day is not finished: its lines may still come.</summary>
    public void Await(DateOnly day) => _awaited.Add(day);

    /// <summary>What an operation noted that it moved.</summary>
    /// <param name="moved">The note, of a day whose lines are counted.</param>
    /// <param name="isFinished">The ledger must have its lines; otherwise they may still come.</param>
    public void Note(MovedRow moved, bool isFinished)
    {
        foreach (var row in moved.LedgerRows)
            _noted[row.RowKey] = (row.Entry, isFinished);
    }

    /// <summary>A line of the ledger.</summary>
    public void Count(LedgerSumRow line)
    {
        if (JournalKey.TryRead(line.RowKey, out var journal, out var seq) ? seq > cursors.GetValueOrDefault(journal) : !Owed(line))
            return;
        if (!_days.TryGetValue(line.Day, out var day))
            _days[line.Day] = day = new();
        day.Add(line.Account, line.Kind, line.Amount, journal);
        if (line.Flags == EntryFlags.None || line.Day < flaggedFrom)
            return;
        foreach (var flag in Enum.GetValues<EntryFlags>().Where(flag => flag != EntryFlags.None && line.Flags.HasFlag(flag)))
            _flagged[(line.Day, flag)] = _flagged.GetValueOrDefault((line.Day, flag)) + 1;
    }

    /// <summary>Whether a line is an operation's that noted it. The same key on another day is what is left of one that was asked for again after a restore.</summary>
    private bool Owed(LedgerSumRow line) =>
        _noted.TryGetValue(line.RowKey, out var noted) && noted.Entry.PostingDay == line.Day && _noted.Remove(line.RowKey);

    /// <summary>What an account holds.</summary>
    public void Hold(AccountId account, Fen balance) => _balances[account] = balance;

    /// <summary>The days before one that were counted, in their order: what they come to, or null where an operation owes a line or may still move something.</summary>
    public IEnumerable<(DateOnly Day, DaySum? Sum)> DaysBefore(DateOnly end)
    {
        var owing = _noted.Values.Select(noted => noted.Entry.PostingDay).Union(_awaited).ToHashSet();
        return _days.Keys.Union(owing).Where(day => day < end).Order().Select(day => (day, owing.Contains(day) ? null : _days[day]));
    }

    /// <summary>What it comes to, once everything was counted.</summary>
    public LoopResult Result(DateTimeOffset at, long feedVersion)
    {
        var all = new DaySum();
        all.Add(_kept);
        foreach (var day in _days.Values)
            all.Add(day);
        // Lines that a killed process still owes: the sweep writes them. A finished operation owes none, so what it lacks is missed.
        foreach (var (entry, _) in _noted.Values.Where(noted => !noted.IsFinished))
            all.Add(entry.AccountId, entry.Kind, entry.Amount, journal: null);
        var entries = all.Accounts.ToDictionary(account => AccountId.Parse(account.Key), account => account.Value);
        var differing = entries.Keys.Union(_balances.Keys)
            .Select(account => new AccountDifference(account, entries.GetValueOrDefault(account), _balances.GetValueOrDefault(account)))
            .Where(account => account.Entries != account.Balance).OrderBy(account => account.AccountId.Value, StringComparer.Ordinal).ToList();
        var holes = cursors.Where(cursor => all.Journals.GetValueOrDefault(cursor.Key) != cursor.Value)
            .Select(cursor => $"{cursor.Key}: {all.Journals.GetValueOrDefault(cursor.Key)} of {cursor.Value}").Order(StringComparer.Ordinal).ToList();
        var missing = _noted.Where(noted => noted.Value.IsFinished).Select(noted => noted.Key).Order(StringComparer.Ordinal).ToList();
        return new(BusinessDay.Local(at), feedVersion, _balances.Count, all.Lines, [.. all.Kinds.OrderBy(kind => kind.Key).Select(kind => new LoopKind(kind.Key, kind.Value))])
        {
            Entries = Sum(entries.Values),
            Balance = Sum(_balances.Values),
            DifferingAccounts = differing.Count,
            Differing = [.. differing.Take(MostNamed)],
            Holes = [.. holes.Take(MostNamed)],
            Missing = [.. missing.Take(MostNamed)],
            Flagged = [.. _flagged.Select(flagged => new LoopFlag(flagged.Key.Day, flagged.Key.Flag, flagged.Value))],
        };
    }

    private static Fen Sum(IEnumerable<Fen> amounts) => amounts.Aggregate(Fen.Zero, (sum, amount) => sum + amount);
}
