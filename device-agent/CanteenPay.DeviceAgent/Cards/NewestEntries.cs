using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// The newest entry of each account in one journal; each entry names the one before it of its account, so that an account's entries are found without an index that every
/// tap would have to write. About 30 bytes for each account that has tapped here within <see cref="Forgetting.Memory"/>: 150 KB for a canteen of 5,000.
/// </summary>
internal sealed class NewestEntries
{
    private readonly Dictionary<ulong, long> newest = [];

    /// <summary>The number of an account's newest entry; 0: it has none.</summary>
    public long Of(AccountId account) => newest.GetValueOrDefault(Key(account));

    /// <summary>An account has a newer entry.</summary>
    public void Note(AccountId account, long seq) => newest[Key(account)] = seq;

    /// <summary>An id is eight letters and figures: as a number it takes a third of the memory.</summary>
    private static ulong Key(AccountId account)
    {
        var key = 0ul;
        foreach (var letter in account.Value)
            key = key << 8 | letter;
        return key;
    }
}
