using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Rules;

/// <summary>What entries may make of an account: its row must stay small enough to be written and told, also when one machine is not ours any more.</summary>
internal static class AccountRoom
{
    /// <summary>Lots of an account that entries may begin: the office keeps to half as many, so these are of a machine that draws names.</summary>
    private const int MaxLots = 48;

    /// <summary>Journals that an account may be used in.</summary>
    private const int MaxJournals = 400;

    /// <summary>Of them those of one machine, so that it cannot use up the others' room.</summary>
    private const int MaxJournalsOfDevice = 64;

    /// <summary>Why a journal is not booked on, in words: an account would get more lots or journals than it has room for; null when there is room.</summary>
    /// <param name="entries">The entries, in the order of their numbers.</param>
    /// <param name="accounts">Every account that they name.</param>
    /// <param name="device">Whose journal.</param>
    /// <param name="journal">The journal's key in <see cref="CardAccount.Applied"/>.</param>
    public static string? Missing(IEnumerable<CardEntry> entries, IReadOnlyDictionary<AccountId, CardAccount> accounts, DeviceId device, string journal)
    {
        foreach (var some in entries.GroupBy(entry => entry.AccountId))
        {
            var account = accounts[some.Key];
            if (some.Select(entry => entry.Lot).Concat(account.Purses.Select(lot => lot.Lot)).Distinct(StringComparer.Ordinal).Count() is var lots and > MaxLots
                && lots > account.Purses.Count)
                return $"account {some.Key} would have {lots} lots, and has room for {MaxLots}";
            if (!account.Applied.ContainsKey(journal)
                && (account.Applied.Count >= MaxJournals || account.Applied.Keys.Count(key => key.StartsWith(device.Value, StringComparison.Ordinal)) >= MaxJournalsOfDevice))
                return $"account {some.Key} was used in {account.Applied.Count} journals already, and has room for {MaxJournals}, {MaxJournalsOfDevice} of one machine";
        }

        return null;
    }
}
