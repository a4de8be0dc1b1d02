using System.Buffers;
using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>Keys of entries within a distributor's account.</summary>
internal static class ShareKeys
{
    private const int MaxLength = 100;

    private static readonly string[] StartOfEntries = [Fee, Reversal, Payout];

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>How the keys of service fees begin.</summary>
    public const string Fee = "fee-";

    /// <summary>How the keys of reversing entries begin.</summary>
    public const string Reversal = "rev-";

    /// <summary>How the keys of payouts begin.</summary>
    public const string Payout = "paid-";

    /// <summary>A part of a revision's fees, as far as it differs from the revision before.</summary>
    public static string OfShare(DateOnly day, MerchantId merchant, int revision) =>
        string.Create(CultureInfo.InvariantCulture, $"{BusinessDay.Key(day)}-{merchant}-{revision}");

    /// <summary>A merchant's yearly fee.</summary>
    public static string OfFee(MerchantId merchant, int number) => string.Create(CultureInfo.InvariantCulture, $"{Fee}{merchant}-{number:D4}");

    /// <summary>What counters an entry, once.</summary>
    public static string OfReversal(string entry) => Reversal + entry;

    /// <summary>Whether it may be the key of an entry, and of nothing else in the partition.</summary>
    public static bool IsEntry(string text) => text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(KeyCharacters)
        && (char.IsAsciiDigit(text[0]) || StartOfEntries.Any(start => text.StartsWith(start, StringComparison.Ordinal)));

    /// <summary>Whether it is a payout, or counters one.</summary>
    public static bool IsOfPayout(string key) =>
        key.StartsWith(Reversal, StringComparison.Ordinal) ? IsOfPayout(key[Reversal.Length..]) : key.StartsWith(Payout, StringComparison.Ordinal);

    /// <summary>What was paid out for a month.</summary>
    public static string OfPayout(ShareMonth month) => Payout + month.Key;
}
