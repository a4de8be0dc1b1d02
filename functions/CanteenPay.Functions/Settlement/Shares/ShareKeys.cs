using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>Keys of entries within a distributor's account.</summary>
internal static class ShareKeys
{
    /// <summary>How the keys of reversing entries begin.</summary>
    public const string Reversal = "rev-";

    /// <summary>How the keys of payouts begin.</summary>
    public const string Payout = "paid-";

    /// <summary>A part of a revision's fees, as far as it differs from the revision before.</summary>
    public static string OfShare(DateOnly day, MerchantId merchant, int revision) =>
        string.Create(CultureInfo.InvariantCulture, $"{BusinessDay.Key(day)}-{merchant}-{revision}");

    /// <summary>A merchant's yearly fee.</summary>
    public static string OfFee(MerchantId merchant, int number) => string.Create(CultureInfo.InvariantCulture, $"fee-{merchant}-{number:D4}");

    /// <summary>What counters an entry, once.</summary>
    public static string OfReversal(string entry) => Reversal + entry;

    /// <summary>What was paid out for a month.</summary>
    public static string OfPayout(ShareMonth month) => Payout + month.Key;
}
