using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Rules;

/// <summary>By what a tap was reversed, and how far.</summary>
/// <param name="By">See <see cref="ReversalRow.By"/>.</param>
/// <param name="Parts">How many of its parts, from the first on; null where an operation took all of it back.</param>
internal sealed record TakenBack(string By, int? Parts);

/// <summary>A reversal gives money, so it must give back what a tap of the same machine took: part by part, and each once.</summary>
internal static class ReversedTaps
{
    /// <summary>Whether a part of a reversal is one of a tap's parts, whatever they say of it.</summary>
    public static bool Names(CardEntry reversal, CardEntry tap) =>
        tap.Kind != EntryKind.Reversal && tap.TapId == reversal.Reverses && tap.Part == reversal.Part;

    /// <summary>Whether it gives back exactly what that part took.</summary>
    public static bool Undoes(CardEntry reversal, CardEntry tap) =>
        Names(reversal, tap) && tap.AccountId == reversal.AccountId && tap.Purse == reversal.Purse && tap.Lot == reversal.Lot && tap.Amount == reversal.Amount
        && tap.PostingDay == reversal.PostingDay && tap.MealPeriod == reversal.MealPeriod;

    /// <summary>A part of a reversal that comes out of turn, which is how one would come twice; null when all come in turn. Of a tap that another reversed nothing is given.</summary>
    /// <param name="entries">The entries, in the order of their numbers.</param>
    /// <param name="reversed">Of the taps that they reverse those that were reversed before.</param>
    public static CardEntry? OutOfTurn(IEnumerable<CardEntry> entries, IReadOnlyDictionary<TapId, TakenBack> reversed)
    {
        var now = new Dictionary<TapId, TakenBack>(reversed);
        foreach (var entry in entries)
        {
            if (entry.Reverses is not { } tap || (now.TryGetValue(tap, out var known) && known.By != entry.TapId.Value))
                continue;
            if (entry.Part != (known is null ? 0 : known.Parts))
                return entry;
            now[tap] = new(entry.TapId.Value, entry.Part + 1);
        }

        return null;
    }
}
