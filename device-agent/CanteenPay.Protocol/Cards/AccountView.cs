namespace CanteenPay.Protocol;

/// <summary>
/// What entries do to an account. The cloud books by it and machines reckon by it, so that both come to the same balance in whatever order messages arrive:
/// a machine's view is the account as it was told, and its own entries beyond <see cref="CardAccount.Applied"/> on top.
/// </summary>
public static class AccountView
{
    /// <summary>The account with a machine's own entries that are not inside of it yet.</summary>
    /// <param name="account">As the cloud told it.</param>
    /// <param name="journal">The journal's key (<see cref="CardAccount.JournalKey"/>).</param>
    /// <param name="entries">The journal's entries of this account, by number; those that are inside already are passed over.</param>
    public static CardAccount With(CardAccount account, string journal, IEnumerable<CardEntry> entries)
    {
        var applied = account.Applied.GetValueOrDefault(journal);
        return entries.Where(entry => entry.Seq > applied).Aggregate(account, Apply);
    }

    /// <summary>The account after an entry: its lot and its counters. <see cref="CardAccount.Version"/> and <see cref="CardAccount.Applied"/> are the booker's.</summary>
    /// <exception cref="ArgumentException">The entry is another account's.</exception>
    public static CardAccount Apply(CardAccount account, CardEntry entry)
    {
        if (entry.AccountId != account.AccountId)
            throw new ArgumentException($"Entry {entry.Seq} is of account {entry.AccountId}, not {account.AccountId}.", nameof(entry));
        return Change(account, entry.Lot, entry.Purse, entry.Change) with { Counters = Count(account.Counters, entry) };
    }

    /// <summary>The account with more or less in a lot; a lot that it does not have is begun, so that nothing that was spent gets lost.</summary>
    /// <param name="account">The account.</param>
    /// <param name="lot">Which lot.</param>
    /// <param name="purse">Of which purse, should it be begun.</param>
    /// <param name="change">Signed, in fen.</param>
    public static CardAccount Change(CardAccount account, string lot, Purse purse, Fen change)
    {
        var purses = account.Purses.ToList();
        var index = purses.FindIndex(known => known.Lot == lot);
        if (index < 0)
            purses.Add(new(lot, purse, change));
        else
            purses[index] = purses[index] with { Balance = purses[index].Balance + change };
        return account with { Purses = purses };
    }

    /// <summary>An entry of an older day than the one that is counted changes nothing: limits are about today.</summary>
    private static SpendCounters Count(SpendCounters? counters, CardEntry entry)
    {
        if (counters is null || counters.Day < entry.PostingDay)
            counters = new(entry.PostingDay, new Dictionary<Meal, Spent>());
        else if (counters.Day > entry.PostingDay)
            return counters;
        var before = counters.At(entry.MealPeriod);
        var after = new Spent(before.Amount - entry.Change, before.Taps + entry.Taps);
        return counters with { Meals = new Dictionary<Meal, Spent>(counters.Meals) { [entry.MealPeriod] = after } };
    }
}
