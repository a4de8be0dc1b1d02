using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Rules;

/// <summary>What entries of a machine do to accounts and ledger. A debit that the machine approved is booked whatever is to be said of it.</summary>
internal static class BookingRules
{
    /// <summary>A machine's clock may differ by so much before its entries are flagged.</summary>
    public static readonly TimeSpan ClockMayDiffer = TimeSpan.FromMinutes(5);

    /// <summary>Days are counted so far ahead of the cloud's: a night's meal, or a clock that is a little fast.</summary>
    private const int DaysAhead = 1;

    /// <summary>Books the entries one after the other.</summary>
    /// <param name="batch">The entries, in the order of their numbers, with the journal's hash after each.</param>
    /// <param name="accounts">Every account that they name, as it was read.</param>
    /// <param name="reversed">Of the taps that they reverse those that were reversed before, and by what.</param>
    /// <param name="context">What else it depends on.</param>
    public static Booked Book(
        IReadOnlyList<(CardEntry Entry, EntryHash Hash)> batch, IReadOnlyDictionary<AccountId, CardAccount> accounts,
        IReadOnlyDictionary<TapId, TakenBack> reversed, BookingContext context)
    {
        var next = new Dictionary<AccountId, CardAccount>();
        var reversals = new Dictionary<TapId, TakenBack>();
        var entries = new List<LedgerEntry>();
        var automatic = new List<LedgerEntry>();
        foreach (var (entry, hash) in batch)
        {
            var account = next.GetValueOrDefault(entry.AccountId) ?? accounts[entry.AccountId];
            var flags = context.ClockIsWrong || entry.At - context.SentAt > ClockMayDiffer ? EntryFlags.ClockSkew : EntryFlags.None;
            if (entry.Reverses is { } tap && (reversals.GetValueOrDefault(tap) ?? reversed.GetValueOrDefault(tap)) is { } before && before.By != entry.TapId.Value)
            {
                // What it gives is taken at once, so that the account stays as it is: money and counters.
                flags |= EntryFlags.SecondReversal;
                if (entry.Amount > Fen.Zero)
                    automatic.Add(Automatic(LedgerKind.Counter, entry, entry.Amount, LotOf(account, entry)?.Balance ?? Fen.Zero, context));
            }
            else
            {
                if (entry.Reverses is { } first)
                    reversals[first] = new(entry.TapId.Value, entry.Part + 1);
                account = Apply(account, entry, BusinessDay.Of(context.Now).AddDays(DaysAhead));
                (account, var takenBack) = TakeBackExpiry(account, entry);
                if (takenBack > Fen.Zero)
                    automatic.Add(Automatic(LedgerKind.ExpiryReversal, entry, takenBack, LotOf(account, entry)!.Balance, context));
                flags |= Flags(account, entry, context.Rules);
            }

            next[entry.AccountId] = account with { Applied = new Dictionary<string, long>(account.Applied, StringComparer.Ordinal) { [context.Journal] = entry.Seq } };
            entries.Add(LineOf(entry, hash, flags));
        }

        return new(next, entries, automatic, reversals);
    }

    /// <summary>
    /// What an entry does to an account, except that days to come are not counted: a machine whose clock is ahead would take an account's limits away on all machines
    /// until then. Counters that are ahead all the same are begun anew.
    /// </summary>
    private static CardAccount Apply(CardAccount account, CardEntry entry, DateOnly lastCounted)
    {
        if (account.Counters?.Day > lastCounted)
            account = account with { Counters = null };
        var after = AccountView.Apply(account, entry);
        return entry.PostingDay > lastCounted ? after with { Counters = account.Counters } : after;
    }

    /// <summary>What was tapped before the lot expired, or on one of its days, and comes after it, had not expired.</summary>
    private static (CardAccount Account, Fen TakenBack) TakeBackExpiry(CardAccount account, CardEntry entry)
    {
        if (entry.Kind != EntryKind.Debit || LotOf(account, entry) is not { Expired: { } expired, ExpiredAt: { } at } lot || (entry.At >= at && !IsOfItsDays(lot, at, entry)))
            return (account, Fen.Zero);
        var takenBack = entry.Amount < expired ? entry.Amount : expired;
        var left = expired - takenBack;
        var after = lot with { Balance = lot.Balance + takenBack, Expired = left == Fen.Zero ? null : left };
        return (account with { Purses = [.. account.Purses.Select(purse => purse.Lot == lot.Lot ? after : purse)] }, takenBack);
    }

    /// <summary>Whether a lot that ended by its date was spent on one of its posting days: a meal that goes over midnight belongs to the day before.</summary>
    private static bool IsOfItsDays(PurseLot lot, DateTimeOffset expiredAt, CardEntry entry) =>
        lot.ValidUntil is { } until && BusinessDay.Of(expiredAt) > until && entry.PostingDay <= until;

    private static EntryFlags Flags(CardAccount account, CardEntry entry, CardRules? rules)
    {
        if (entry.Kind == EntryKind.Reversal)
            return EntryFlags.None;
        var flags = EntryFlags.None;
        if (entry.Amount > Fen.Zero && LotOf(account, entry)!.Balance < Fen.Zero)
            flags |= EntryFlags.Overdrawn;
        var card = account.Cards.FirstOrDefault(known => known.No == entry.CardNo);
        if (card is null || (card.State != CardState.Active && !(entry.At <= card.Since)))
            flags |= EntryFlags.AfterLoss;
        if (account.State != AccountState.Active && !(entry.At <= account.StateSince))
            flags |= EntryFlags.AfterClose;
        // Of an older day nothing is counted any more, so nothing can be said.
        if (account.Counters is { } counters && counters.Day == entry.PostingDay
            && (rules?.Of(account.CardType)?.Limits.Allow(counters, entry.MealPeriod) == false
                || (entry.TypedUid && rules?.TypedUid?.Allow(counters, entry.MealPeriod) == false)))
            flags |= EntryFlags.LimitBroken;
        return flags;
    }

    private static PurseLot? LotOf(CardAccount account, CardEntry entry) => account.Purses.FirstOrDefault(lot => lot.Lot == entry.Lot);

    private static LedgerEntry LineOf(CardEntry entry, EntryHash hash, EntryFlags flags) => new()
    {
        AccountId = entry.AccountId,
        Kind = entry.Kind switch
        {
            EntryKind.Debit => LedgerKind.Debit,
            EntryKind.Count => LedgerKind.Count,
            _ => LedgerKind.Reversal,
        },
        Purse = entry.Purse,
        Lot = entry.Lot,
        Amount = entry.Amount,
        BalanceAfter = entry.BalanceAfter,
        At = entry.At,
        PostingDay = entry.PostingDay,
        Tapped = entry,
        Hash = hash,
        Flags = flags,
    };

    /// <summary>Made by the cloud, so of the cloud's day: a day that was reported before changes by what machines send late, and by nothing else.</summary>
    private static LedgerEntry Automatic(LedgerKind kind, CardEntry entry, Fen amount, Fen balance, BookingContext context) => new()
    {
        AccountId = entry.AccountId,
        Kind = kind,
        Purse = entry.Purse,
        Lot = entry.Lot,
        Amount = amount,
        BalanceAfter = balance,
        At = context.Now,
        PostingDay = BusinessDay.Of(context.Now),
        Operation = context.Operation,
    };
}

/// <summary>What booking depends on beside entries and accounts.</summary>
/// <param name="Journal">The journal's key in <see cref="CardAccount.Applied"/>.</param>
/// <param name="Operation">The key under which automatic entries are booked.</param>
/// <param name="Rules">How the merchant's cards pay; null while nobody has said.</param>
/// <param name="ClockIsWrong">The machine's clock was off by more than <see cref="BookingRules.ClockMayDiffer"/> when it sent this.</param>
/// <param name="SentAt">When the broker took it.</param>
/// <param name="Now">The cloud's clock.</param>
internal sealed record BookingContext(string Journal, string Operation, CardRules? Rules, bool ClockIsWrong, DateTimeOffset SentAt, DateTimeOffset Now);

/// <summary>What is to be written.</summary>
/// <param name="Accounts">The accounts that were touched, as they are then.</param>
/// <param name="Entries">The ledger's lines of the machine's entries.</param>
/// <param name="Automatic">The lines that the cloud adds.</param>
/// <param name="Reversals">Taps that are reversed now, and by which reversal so far.</param>
internal sealed record Booked(
    IReadOnlyDictionary<AccountId, CardAccount> Accounts, IReadOnlyList<LedgerEntry> Entries, IReadOnlyList<LedgerEntry> Automatic,
    IReadOnlyDictionary<TapId, TakenBack> Reversals);
