using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>A tap as entries of the journal, and back.</summary>
internal static class TapEntries
{
    /// <summary>One entry a part; the journal numbers them.</summary>
    public static IEnumerable<CardEntry> Of(Tap tap) => tap.Parts.Select((part, index) => new CardEntry
    {
        Seq = 0,
        TapId = tap.Id,
        Part = index,
        AccountId = tap.AccountId,
        CardNo = tap.CardNo,
        Purse = part.Purse,
        Lot = part.Lot,
        Kind = tap.Kind,
        Amount = part.Amount,
        BalanceAfter = part.BalanceAfter,
        At = tap.At,
        PostingDay = tap.PostingDay,
        MealPeriod = tap.Meal,
        Mode = tap.Mode,
        Price = index == 0 ? tap.Price : null,
        Items = index == 0 && tap.Items.Count > 0 ? tap.Items : null,
        Reverses = tap.Reverses,
        Offline = tap.Offline,
        TypedUid = tap.TypedUid,
    });

    /// <summary>Entries, newest first, tap by tap; a tap's parts in their own order.</summary>
    public static IEnumerable<IReadOnlyList<CardEntry>> Group(IEnumerable<CardEntry> newestFirst)
    {
        List<CardEntry> parts = [];
        foreach (var entry in newestFirst)
        {
            parts.Insert(0, entry);
            if (entry.Part != 0)
                continue;
            yield return parts;
            parts = [];
        }
    }

    /// <summary>The tap of its entries.</summary>
    /// <param name="parts">Its entries, in their order.</param>
    /// <param name="view">Its account as the machine reckons with it now; null when it is not known here.</param>
    /// <param name="now">For what can be spent of it now.</param>
    public static Tap Tap(IReadOnlyList<CardEntry> parts, CardAccount? view, DateTimeOffset now)
    {
        var first = parts[0];
        return new()
        {
            Id = first.TapId,
            Kind = first.Kind,
            AccountId = first.AccountId,
            CardNo = first.CardNo,
            Holder = view?.Name,
            Parts = [.. parts.Select(part => new TapPart(part.Purse, part.Lot, part.Amount, part.BalanceAfter))],
            Price = first.Price,
            At = BusinessDay.Local(first.At),
            PostingDay = first.PostingDay,
            Meal = first.MealPeriod,
            Mode = first.Mode,
            Items = first.Items ?? [],
            Reverses = first.Reverses,
            Offline = first.Offline,
            TypedUid = first.TypedUid,
            Left = view is null ? Fen.Zero : Spending.Of(view, BusinessDay.Of(now)).Total,
        };
    }
}
