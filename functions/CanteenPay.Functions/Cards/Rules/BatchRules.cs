using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Rules;

/// <summary>What can be in a batch of a machine's entries, and how much of it fits one transaction.</summary>
internal static class BatchRules
{
    /// <summary>No clock that was set once shows less, and storage keeps no date before 1601.</summary>
    private const int FirstYear = 1970;

    private const int LastYear = 2200;

    /// <summary>Numbers of entries have ten digits in keys.</summary>
    private const long MaxSeq = 9_999_999_999;

    /// <summary>Far more than an account can hold, far less than what a sum could overflow with.</summary>
    private const long MaxBalance = 1_000_000_000_000;

    private const int MaxItems = 200;

    /// <summary>Rows beside those of accounts and reversed taps: the cursor, the change, an operation of automatic entries.</summary>
    private const int OtherRows = 3;

    /// <summary>What is wrong with the batch as a message, in words; null when it is one.</summary>
    public static string? Problem(CardEntries batch)
    {
        if (batch.Entries.Count is 0 or > CardEntries.MaxEntries)
            return Text($"it has {batch.Entries.Count} entries; 1 to {CardEntries.MaxEntries} are taken");
        // Readers do not look into lists.
        if (batch.Entries.Any(entry => entry is null) || batch.Entries.Any(entry => entry.Items?.Any(item => item is null) == true))
            return "an entry, or what one sold, is null";
        var last = batch.First + batch.Entries.Count - 1;
        if (batch.First is < 1 or > MaxSeq - CardEntries.MaxEntries || batch.LastSeq < last || batch.LastSeq > MaxSeq)
            return Text($"it is numbered from {batch.First}, with {batch.LastSeq} as the journal's last");
        var holes = batch.Entries.Where((entry, index) => entry.Seq != batch.First + index).Any();
        return holes ? "its entries are not numbered one by one" : null;
    }

    /// <summary>The journal's hash after each entry, if it was <see cref="CardEntries.PrevHash"/> before the first.</summary>
    public static IReadOnlyList<EntryHash> Chain(CardEntries batch)
    {
        var hash = batch.PrevHash;
        return [.. batch.Entries.Select(entry => hash = hash.Then(entry))];
    }

    /// <summary>Why an entry was not made by our agent, in words; null when it could be. It is in the machine's journal all the same, so a person has to look.</summary>
    public static string? Impossible(CardEntry entry) => entry switch
    {
        _ when !Enum.IsDefined(entry.Kind) || !Enum.IsDefined(entry.Purse) || !Enum.IsDefined(entry.MealPeriod) || !Enum.IsDefined(entry.Mode)
            => "it is of a kind, purse, meal or mode that does not exist",
        _ when entry.Amount < Fen.Zero || entry.Amount > Fen.MaxKeyed => $"its amount is {entry.Amount}",
        { Kind: EntryKind.Count, Amount.Value: not 0 } => "it counts a meal and moves money",
        _ when Math.Abs((decimal)entry.BalanceAfter.Value) > MaxBalance => $"its balance is {entry.BalanceAfter}",
        _ when entry.Price is { } price && (price < Fen.Zero || price > Fen.MaxKeyed) => $"its price is {price}",
        _ when !IsLot(entry.Lot) || entry.Lot == PurseLot.Cash != (entry.Purse == Purse.Cash) => "its lot cannot be",
        { Part: < 0 or >= CardEntries.MaxEntries } => Text($"it is part {entry.Part} of a tap"),
        _ when entry.Reverses is null == (entry.Kind == EntryKind.Reversal) => "it does not say which tap it reverses, or says it without reversing",
        { Items.Count: > MaxItems } => Text($"it sells {entry.Items.Count} items"),
        { At.Year: < FirstYear or > LastYear } or { PostingDay.Year: < FirstYear or > LastYear } => Text($"it is of the year {entry.At.Year}, {entry.PostingDay.Year}"),
        _ => null,
    };

    /// <summary>How many entries, from the first, fit one transaction with the accounts and taps that they touch.</summary>
    public static int Fitting(IReadOnlyList<CardEntry> entries)
    {
        var accounts = new HashSet<AccountId>();
        var reversed = new HashSet<TapId>();
        var count = 0;
        foreach (var entry in entries)
        {
            accounts.Add(entry.AccountId);
            if (entry.Reverses is { } tap)
                reversed.Add(tap);
            if (accounts.Count + reversed.Count + OtherRows > CardTransaction.MaxRows)
                break;
            count++;
        }

        return count;
    }

    private static bool IsLot(string lot) =>
        lot.Length is > 0 and <= PurseLot.MaxLength && lot.All(c => char.IsAsciiLetterOrDigit(c) || c is '-');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
