using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// About how far the entries of each account go in one journal: never less than they do, and more only where two accounts share a place. So a tap need not ask the
/// disk about an account of which nothing waits. It takes the same memory however many accounts there are.
/// </summary>
internal sealed class NewestEntries
{
    /// <summary>64 KB: as many accounts have entries beyond what the cloud has told of them only after days without a link. A power of two.</summary>
    private const int Places = 1 << 13;

    private readonly long[] newest = new long[Places];

    /// <summary>An entry of an account is there, or is about to be: one that is not stored after all makes no difference.</summary>
    public void Note(string account, long seq)
    {
        ref var known = ref newest[PlaceOf(account)];
        known = Math.Max(known, seq);
    }

    /// <summary>False: an account has no entry beyond a number. True: it may have one.</summary>
    public bool MayGoBeyond(AccountId account, long seq) => newest[PlaceOf(account.Value)] > seq;

    private static int PlaceOf(string account) => string.GetHashCode(account, StringComparison.Ordinal) & (Places - 1);
}
